package io.postern.auth.sasl;

import io.postern.auth.Client;
import io.postern.auth.Failure;
import io.postern.auth.Login;
import io.postern.auth.Login.Result;
import io.postern.auth.LoginAttempt;
import io.postern.auth.Refusal;
import io.postern.auth.Sasl;
import io.postern.auth.Sasl.Step;
import io.postern.auth.sasl.Tokens.Verdict;
import io.postern.config.Live;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * OAUTHBEARER (RFC 7628) and its forerunner XOAUTH2: a token of an identity provider. The token
 * identifies the user; the name beside it, the owner of the requested mailboxes.
 */
public final class Bearer implements Sasl.Mechanism {
  // RFC 7628 §3.1: gs2-header kvsep *kvpair kvsep, with kvsep = %x01. The repetitions are
  // possessive: else each pair would take its part of the stack.
  private static final Pattern OAUTHBEARER =
      Pattern.compile("[ny],(?:a=([^,]*))?,\\x01(?:[A-Za-z]+=[^\\x01]*\\x01)*+\\x01");
  private static final Pattern XOAUTH2 =
      Pattern.compile("user=([^\\x01]*)\\x01(?:[A-Za-z]+=[^\\x01]*\\x01)*+\\x01");
  private static final Pattern AUTH =
      Pattern.compile("\\x01auth=(?i:Bearer) +([A-Za-z0-9._~+/=-]+)\\x01");

  private final Login login;
  private final Tokens tokens;
  private final Live live;
  private final boolean legacy;

  private Bearer(Login login, Tokens tokens, Live live, boolean legacy) {
    this.login = login;
    this.tokens = tokens;
    this.live = live;
    this.legacy = legacy;
  }

  /** OAUTHBEARER, as in the RFC. */
  public static Bearer oauthBearer(Login login, Tokens tokens, Live live) {
    return new Bearer(login, tokens, live, false);
  }

  /** XOAUTH2, its forerunner. */
  public static Bearer xoauth2(Login login, Tokens tokens, Live live) {
    return new Bearer(login, tokens, live, true);
  }

  @Override
  public String name() {
    return legacy ? "XOAUTH2" : "OAUTHBEARER";
  }

  @Override
  public boolean plainText() {
    return true;
  }

  @Override
  public boolean offered(Client client) {
    return live.now().auth().oauth2().complete();
  }

  @Override
  public Uni<Step> start(Client client, Optional<Buffer> initialResponse) {
    return Sasl.clientFirst(initialResponse, message -> message(client, message));
  }

  private Uni<Step> message(Client client, Buffer response) {
    var text = response.toString(StandardCharsets.UTF_8);
    var matcher = (legacy ? XOAUTH2 : OAUTHBEARER).matcher(text);
    var auth = AUTH.matcher(text);
    if (!matcher.matches() || !auth.find()) {
      return Sasl.refuse(Refusal.MALFORMED);
    }
    var requested = Optional.ofNullable(matcher.group(1)).filter(name -> !name.isEmpty());
    return verify(new LoginAttempt(client, name(), "", requested), auth.group(1));
  }

  /**
   * The name beside a token proves nothing: until the token is verified, the attempt counts under
   * its network alone.
   */
  private Uni<Step> verify(LoginAttempt attempt, String token) {
    var result =
        login
            .admit(attempt)
            .chain(() -> tokens.verify(live.now().auth().oauth2(), token))
            .chain(verdict -> decide(attempt, verdict));
    return login.conclude(attempt, result, Result.Refused::new).map(this::step);
  }

  private Uni<Result> decide(LoginAttempt attempt, Verdict verdict) {
    return switch (verdict) {
      case Verdict.User(var name) ->
          login.authenticated(attempt, name, login.names().literal(name));
      case Verdict.Refused() -> login.refused(attempt, Failure.WRONG);
      case Verdict.Undecided() -> Uni.createFrom().item(new Result.Refused(Refusal.UNAVAILABLE));
    };
  }

  /** RFC 7628 §3.2.2: the client gets the error as JSON, acknowledges it, and is refused. */
  private Step step(Result result) {
    if (!(result instanceof Result.Refused(Refusal refusal)) || refusal != Refusal.CREDENTIALS) {
      return Sasl.step(result);
    }
    var json =
        legacy ? "{\"status\":\"401\",\"schemes\":\"Bearer\"}" : "{\"status\":\"invalid_token\"}";
    return new Step.Challenge(Buffer.buffer(json), _ -> Sasl.refuse(refusal));
  }
}
