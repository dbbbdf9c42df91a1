package io.postern.auth.sasl;

import io.postern.auth.Candidate;
import io.postern.auth.Client;
import io.postern.auth.Login;
import io.postern.auth.Login.Result;
import io.postern.auth.LoginAttempt;
import io.postern.auth.Refusal;
import io.postern.auth.Sasl;
import io.postern.auth.Sasl.Step;
import io.postern.auth.password.ScramKeys;
import io.postern.config.Live;
import io.postern.config.LiveSettings;
import io.postern.config.area.AuthSettings.ExtendedProtection;
import io.postern.store.account.Accounts;
import io.postern.store.account.Secret;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, RFC 7677): both sides prove that they know the
 * password, and neither sends it. PLUS binds the proof to the TLS session.
 */
public final class Scram implements Sasl.Mechanism {
  private static final int NONCE_OCTETS = 18;

  /** An exchange after its first round. */
  private record Round(
      Candidate candidate, ScramKeys keys, Buffer binding, String nonce, String signedSoFar) {}

  private final Login login;
  private final Accounts accounts;
  private final Live live;
  private final boolean plus;
  private final AtomicReference<Optional<Secret>> decoyKey =
      new AtomicReference<>(Optional.empty());

  private Scram(Login login, Accounts accounts, Live live, boolean plus) {
    this.login = login;
    this.accounts = accounts;
    this.live = live;
    this.plus = plus;
  }

  /** Without channel binding. */
  public static Scram sha256(Login login, Accounts accounts, Live live) {
    return new Scram(login, accounts, live, false);
  }

  /** With it. */
  public static Scram sha256Plus(Login login, Accounts accounts, Live live) {
    return new Scram(login, accounts, live, true);
  }

  @Override
  public String name() {
    return plus ? "SCRAM-SHA-256-PLUS" : "SCRAM-SHA-256";
  }

  @Override
  public boolean plainText() {
    return false;
  }

  @Override
  public boolean bindsChannel() {
    return plus;
  }

  @Override
  public boolean offered(Client client) {
    return (!plus || binds(client)) && !hasDirectory();
  }

  /** A directory verifies passwords, and does not have the keys of this mechanism. */
  private boolean hasDirectory() {
    return live.now().auth().directory().servers().filter(it -> !it.isEmpty()).isPresent();
  }

  private boolean binds(Client client) {
    return protection(client) != ExtendedProtection.NONE && ChannelBinding.isAvailable(client);
  }

  private ExtendedProtection protection(Client client) {
    return LiveSettings.login(live.now(), client.protocol()).extendedProtectionPolicy();
  }

  @Override
  public Uni<Step> start(Client client, Optional<Buffer> initialResponse) {
    return Sasl.clientFirst(initialResponse, message -> first(client, message));
  }

  private Uni<Step> first(Client client, Buffer message) {
    return ScramMessage.first(message)
        .map(first -> binding(client, first).map(b -> respond(client, first, b)))
        .map(response -> response.orElseGet(() -> Sasl.refuse(Refusal.CREDENTIALS)))
        .orElseGet(() -> Sasl.refuse(Refusal.MALFORMED));
  }

  /**
   * The channel binding that the client must have seen; empty when it requests another mechanism's
   * binding, or an attacker in the middle hid PLUS from it.
   */
  private Optional<byte[]> binding(Client client, ScramMessage.First first) {
    if (plus) {
      return first.binding().flatMap(type -> ChannelBinding.of(client, type));
    }
    // RFC 5802 §6: "y" says that the server seemed to have no PLUS
    boolean downgraded = first.flag() == 'y' && binds(client);
    return first.flag() == 'p' || downgraded ? Optional.empty() : Optional.of(new byte[0]);
  }

  private Uni<Step> respond(Client client, ScramMessage.First first, byte[] binding) {
    var attempt = new LoginAttempt(client, name(), first.name(), first.actAs());
    var challenge =
        login
            .precheckedCandidate(attempt)
            .chain(
                candidate ->
                    keys(candidate).map(keys -> challenge(candidate, keys, first, binding)));
    return login.conclude(attempt, challenge, Step.Refused::new);
  }

  private Uni<ScramKeys> keys(Candidate candidate) {
    return decoyKey()
        .map(
            key ->
                candidate
                    .account()
                    .flatMap(account -> account.verifiers().scram())
                    .flatMap(ScramKeys::parse)
                    .orElseGet(() -> ScramKeys.decoy(key, candidate.meaning().user())));
  }

  /** It never changes, so it is read once. */
  private Uni<Secret> decoyKey() {
    return decoyKey
        .get()
        .map(key -> Uni.createFrom().item(key))
        .orElseGet(() -> accounts.decoyKey().invoke(key -> decoyKey.set(Optional.of(key))));
  }

  private Step challenge(
      Candidate candidate, ScramKeys keys, ScramMessage.First first, byte[] binding) {
    var octets = new byte[NONCE_OCTETS];
    new SecureRandom().nextBytes(octets);
    var nonce = first.nonce() + base64(octets);
    var text = "r=" + nonce + ",s=" + base64(keys.salt()) + ",i=" + keys.cost();
    var round =
        new Round(
            candidate,
            keys,
            Buffer.buffer(first.gs2()).appendBytes(binding),
            nonce,
            first.bare() + "," + text + ",");
    return new Step.Challenge(Buffer.buffer(text), answer -> last(round, answer));
  }

  private Uni<Step> last(Round round, Buffer message) {
    return ScramMessage.last(message)
        .map(last -> verify(round, last))
        .orElseGet(() -> Sasl.refuse(Refusal.MALFORMED));
  }

  /**
   * Verifies a proof only after the policy has admitted it, as with a password: of many concurrent
   * attempts, those that wait are subject to a ban that the first ones caused. Nothing is held
   * while the client is awaited.
   */
  private Uni<Step> verify(Round round, ScramMessage.Last last) {
    var attempt = round.candidate.attempt();
    var step = login.admit(attempt).chain(() -> verifyAdmitted(round, last));
    return login.conclude(attempt, step, Step.Refused::new);
  }

  private Uni<Step> verifyAdmitted(Round round, ScramMessage.Last last) {
    var signed = round.signedSoFar + last.withoutProof();
    boolean proves = round.keys.verifyProof(last.proof().getBytes(), signed);
    boolean bound = MessageDigest.isEqual(round.binding.getBytes(), last.binding().getBytes());
    boolean same =
        MessageDigest.isEqual(
            round.nonce.getBytes(StandardCharsets.US_ASCII),
            last.nonce().getBytes(StandardCharsets.US_ASCII));
    if (!(proves && bound && same) || !round.candidate.isEligible()) {
      return login.decide(round.candidate, false).map(Sasl::step);
    }
    // RFC 5802 §3: the server proves itself last, and the client's reply is empty
    var signature = "v=" + base64(round.keys.signature(signed));
    return Sasl.challenge(Buffer.buffer(signature), _ -> accept(round.candidate));
  }

  private Uni<Step> accept(Candidate candidate) {
    return login
        .conclude(candidate.attempt(), login.decide(candidate, true), Result.Refused::new)
        .map(Sasl::step);
  }

  private static String base64(byte[] octets) {
    return Base64.getEncoder().encodeToString(octets);
  }
}
