package io.postern.probe;

import java.util.UUID;

/**
 * A message that a test adds and removes.
 *
 * @param id its Message-ID, by which it is found
 * @param text with CRLF line ends, ASCII
 */
record TestMessage(String id, String text) {
  /** One that no other test has. */
  static TestMessage to(String user) {
    var id = "<" + UUID.randomUUID() + "@connectivity-test.invalid>";
    var name = user.matches("[!-;=?-~]{1,254}") ? user : "user@connectivity-test.invalid";
    return new TestMessage(
        id,
        String.join(
            "\r\n",
            "From: <" + name + ">",
            "To: <" + name + ">",
            "Subject: Connectivity test",
            "Message-ID: " + id,
            "Auto-Submitted: auto-generated",
            "",
            "This message was added by a connectivity test, which removes it.",
            ""));
  }
}
