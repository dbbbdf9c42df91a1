package io.postern.imap.response;

import java.util.List;
import java.util.Map;

/** Writes the responses about an account as a whole, the same whatever is enabled. */
final class AccountText {
  private AccountText() {}

  static void namespaces(List<String> personal, ResponseText out) {
    out.raw("NAMESPACE (");
    personal.forEach(prefix -> out.raw('(').string(prefix).raw(" \"/\")"));
    out.raw(") NIL NIL");
  }

  static void quota(Untagged.Quota quota, ResponseText out) {
    out.raw("QUOTA ").string(quota.root()).raw(" (");
    var before = "";
    for (var resource : quota.resources()) {
      out.raw(before).raw(resource.name());
      out.space().number(resource.usage()).space().number(resource.limit());
      before = " ";
    }
    out.raw(')');
  }

  static void parameters(Map<String, String> parameters, ResponseText out) {
    if (parameters.isEmpty()) {
      out.nil();
      return;
    }
    char before = '(';
    for (var parameter : parameters.entrySet()) {
      out.raw(before).string(parameter.getKey()).space().string(parameter.getValue());
      before = ' ';
    }
    out.raw(')');
  }

  static void strings(List<String> strings, ResponseText out) {
    char before = '(';
    for (var string : strings) {
      out.raw(before).string(string);
      before = ' ';
    }
    out.raw(')');
  }

  static void uidBatches(Untagged.UidBatches batches, ResponseText out) {
    out.raw("UIDBATCHES (TAG ").string(batches.tag()).raw(')');
    char before = ' ';
    for (var batch : batches.batches()) {
      out.raw(before).number(batch.greatest()).raw(':').number(batch.least());
      before = ',';
    }
  }
}
