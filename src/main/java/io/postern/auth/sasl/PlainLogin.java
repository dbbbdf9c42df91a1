package io.postern.auth.sasl;

import io.postern.auth.Client;
import io.postern.auth.Login;
import io.postern.auth.LoginAttempt;
import io.postern.auth.Sasl;
import io.postern.auth.Sasl.Step;
import io.postern.store.account.Secret;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.function.Function;

/**
 * The LOGIN mechanism: name and password one after the other. No RFC defines it, and old clients
 * support no other (the draft murchison-sasl-login describes it).
 */
public final class PlainLogin implements Sasl.Mechanism {
  private final Login login;

  public PlainLogin(Login login) {
    this.login = login;
  }

  @Override
  public String name() {
    return "LOGIN";
  }

  @Override
  public boolean plainText() {
    return true;
  }

  @Override
  public Uni<Step> start(Client client, Optional<Buffer> initialResponse) {
    return initialResponse
        .map(name -> password(client, name))
        .orElseGet(() -> prompt("Username:", name -> password(client, name)));
  }

  private Uni<Step> password(Client client, Buffer name) {
    return prompt(
        "Password:",
        password ->
            login
                .password(
                    new LoginAttempt(client, name(), name.toString()),
                    new Secret(password.toString()))
                .map(Sasl::step));
  }

  private static Uni<Step> prompt(String text, Function<Buffer, Uni<Step>> next) {
    return Sasl.challenge(Buffer.buffer(text), next);
  }
}
