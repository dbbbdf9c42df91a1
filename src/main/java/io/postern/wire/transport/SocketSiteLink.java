package io.postern.wire.transport;

import io.postern.admission.Admission;
import io.postern.admission.AdmissionControl.Decision;
import io.postern.admission.AdmissionControl.Peer;
import io.postern.admission.ProxyHeader.Endpoints;
import io.postern.wire.CloseReason;
import io.postern.wire.HandOver;
import io.postern.wire.Pipe;
import io.postern.wire.SiteLink;
import io.postern.wire.limits.LoginLimits;
import io.postern.wire.registry.Registration;
import io.smallrye.mutiny.Uni;
import java.util.Objects;
import java.util.Optional;

/** What one connection has to do with other sites, and who its client is. On its context. */
final class SocketSiteLink implements SiteLink {
  /** The parts of the connection that it changes. */
  record Parts(
      Admission admission,
      LoginLimits login,
      Timeouts timeouts,
      Piping piping,
      Registration registration) {}

  private final ListenerContext listener;
  private final Optional<String> front;

  /** Read by all threads. */
  private volatile String id;

  private Endpoints ends;
  private Optional<HandOver> accepted = Optional.empty();
  private Optional<Parts> parts = Optional.empty();

  /**
   * @param front the site whose front end has connected
   */
  SocketSiteLink(ListenerContext listener, Optional<String> front, String id, Endpoints ends) {
    this.listener = listener;
    this.front = front;
    this.id = id;
    this.ends = ends;
  }

  /** The connection is complete. */
  void complete(Parts all) {
    parts = Optional.of(all);
  }

  /** The identifier of the client's session in logs. */
  String id() {
    return id;
  }

  /** The addresses of the client's connection. */
  Endpoints ends() {
    return ends;
  }

  @Override
  public Optional<String> front() {
    return front;
  }

  @Override
  public Optional<HandOver> handOver() {
    return accepted;
  }

  @Override
  public Uni<Boolean> takeOver(HandOver handOver) {
    var backEnd = listener.backEnd().orElseThrow();
    var all = parts.orElseThrow();
    boolean here = handOver.home().map(it -> it.site().equals(backEnd.site())).orElse(true);
    if (accepted.isPresent()
        || !here
        || !listener.sessions().takeOver(all.registration, handOver)) {
      return Uni.createFrom().item(false);
    }
    accepted = Optional.of(handOver);
    id = handOver.session();
    ends = new Endpoints(handOver.remote(), handOver.local());
    var address = Objects.requireNonNullElse(handOver.remote().hostAddress(), "");
    return all.admission
        .takeOver(new Peer(id, listener.protocol().kind(), address, true))
        .map(decision -> decision == Decision.ADMITTED);
  }

  @Override
  public void pipe(Pipe pipe) {
    parts.orElseThrow().piping.request(pipe);
  }

  /** Begins a pipe if one was requested; returns whether it did. */
  boolean beginPipe() {
    var all = parts.orElseThrow();
    var pipe = all.piping.requested();
    pipe.ifPresent(
        it -> {
          all.login.loggedIn();
          all.timeouts.loggedIn();
          all.timeouts.silence(it.silence(), CloseReason.IDLE_TIMEOUT);
          all.admission.passedOn();
          all.registration.passedOn(it.user(), it.site());
          all.piping.begin();
        });
    return pipe.isPresent();
  }
}
