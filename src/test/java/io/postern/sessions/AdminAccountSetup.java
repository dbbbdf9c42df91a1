package io.postern.sessions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Pattern;

/**
 * The account setup of a server in another process, by its admin API.
 *
 * @param port of the administration
 * @param token its bearer token
 */
record AdminAccountSetup(HttpClient client, int port, String token) implements AccountSetup {
  private static final Pattern PASSWORD = Pattern.compile("\"password\" *: *\"([^\"]+)\"");

  @Override
  public void set(String user, Right right, boolean on) {
    var key =
        switch (right) {
          case ENABLED -> "enabled";
          case ADMINISTRATOR -> "administrator";
          case IMAP -> "imapEnabled";
          case POP -> "popEnabled";
        };
    call("PATCH", user, "{\"" + key + "\":" + on + "}");
  }

  @Override
  public void grant(String owner, String delegate) {
    call("PUT", owner + "/grants/" + delegate, "");
  }

  @Override
  public String appPassword(String user, String name) {
    var made = call("POST", user + "/app-passwords", "{\"name\":\"" + name + "\"}");
    var password = PASSWORD.matcher(made);
    if (!password.find()) {
      throw new AssertionError("no app password was made");
    }
    return password.group(1);
  }

  @Override
  public void revoke(String user, String name) {
    call("DELETE", user + "/app-passwords/" + name, "");
  }

  private String call(String method, String path, String json) {
    var place = URI.create("http://127.0.0.1:" + port + "/admin/v1/accounts/" + path);
    var request = HttpRequest.newBuilder(place).header("Authorization", "Bearer " + token);
    if (!json.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    request.method(
        method, json.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
    try {
      var answer = client.send(request.build(), BodyHandlers.ofString());
      if (answer.statusCode() / 100 != 2) {
        throw new AssertionError(method + " " + path + ": " + answer.statusCode());
      }
      return answer.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
