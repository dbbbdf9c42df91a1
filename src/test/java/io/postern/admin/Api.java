package io.postern.admin;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.Map;
import java.util.UUID;

/** Calls of administration as a test makes them. */
final class Api {
  /** As application.properties has it for tests. */
  static final String TOKEN = "token-of-the-tests-0123456789";

  static final String ACCOUNTS = "/admin/v1/accounts";
  static final String SESSIONS = "/admin/v1/sessions";
  static final String PASSWORD = "correct horse";

  private Api() {}

  /** With the bootstrap token. */
  static RequestSpecification admin() {
    return bearing(TOKEN);
  }

  /** By a user with these roles. */
  static RequestSpecification with(String... roles) {
    return bearing(Tokens.of("operator@example.test", roles));
  }

  static RequestSpecification bearing(String token) {
    return given().header("Authorization", "Bearer " + token);
  }

  /** With a body. */
  static RequestSpecification admin(Object body) {
    return admin().contentType(ContentType.JSON).body(body);
  }

  /** A name that no other test has. */
  static String name(String purpose) {
    return purpose + "-" + UUID.randomUUID() + "@example.test";
  }

  /** Makes an account. */
  static String account(String purpose) {
    var name = name(purpose);
    create(name, PASSWORD).then().statusCode(201);
    return name;
  }

  static Response create(String name, String password) {
    return admin(Map.of("name", name, "password", password)).post(ACCOUNTS);
  }
}
