package io.postern.config.net;

import io.postern.model.MailProtocol;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Access rules by protocol and client network. The first rule that matches decides; without a
 * match, access is allowed.
 *
 * @param all the rules, in order
 */
public record AccessRules(List<Rule> all) {
  /**
   * One rule.
   *
   * @param allow whether matching clients are allowed or denied
   * @param protocol the protocol it applies to; all when empty
   * @param from the networks it applies to; all when empty
   */
  public record Rule(boolean allow, Optional<MailProtocol> protocol, Optional<Networks> from) {
    private boolean matches(MailProtocol peerProtocol, String address) {
      return protocol.filter(only -> only != peerProtocol).isEmpty()
          && from.filter(networks -> !networks.contains(address)).isEmpty();
    }
  }

  private static final Pattern FORM = Pattern.compile("(allow|deny) +([a-z0-9]+) +(\\S+)");
  private static final String ALL_ADDRESSES = "any";

  public AccessRules {
    all = List.copyOf(all);
  }

  /**
   * Parses rules: {@code deny pop3 192.0.2.0/24}, {@code allow any 10.0.0.0/8}, {@code deny any
   * any}.
   *
   * @throws IllegalArgumentException when a text is not a rule, naming it and the reason
   */
  public static AccessRules parse(List<String> texts) {
    return new AccessRules(texts.stream().map(text -> rule(text.strip())).toList());
  }

  /** Whether a client with this numeric address may use the protocol. */
  public boolean allow(MailProtocol protocol, String address) {
    return all.stream()
        .filter(rule -> rule.matches(protocol, address))
        .findFirst()
        .map(Rule::allow)
        .orElse(true);
  }

  private static Rule rule(String text) {
    var form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no rule: write allow or deny, a protocol or any, a network or any");
    }
    var protocol = MailProtocol.of(form.group(2));
    if (protocol.isEmpty() && !form.group(2).equals(ALL_ADDRESSES)) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no rule: its protocol is imap, pop3, lmtp or any");
    }
    return new Rule(
        form.group(1).equals("allow"),
        protocol,
        Optional.of(form.group(3))
            .filter(network -> !network.equals(ALL_ADDRESSES))
            .map(network -> Networks.parse(List.of(network))));
  }
}
