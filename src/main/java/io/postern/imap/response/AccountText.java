package io.postern.imap.response;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;

/** Writes the responses about an account as a whole, the same whatever is enabled. */
final class AccountText {
  private AccountText() {}

  static void namespaces(Untagged.Namespaces namespaces, ResponseText out) {
    prefixes(namespaces.personal(), out.raw("NAMESPACE "));
    prefixes(namespaces.others(), out.space());
    out.raw(" NIL");
  }

  private static void prefixes(List<String> prefixes, ResponseText out) {
    if (prefixes.isEmpty()) {
      out.nil();
      return;
    }
    out.raw('(');
    prefixes.forEach(prefix -> out.raw('(').string(prefix).raw(" \"/\")"));
    out.raw(')');
  }

  static void listRights(Untagged.ListRights rights, ResponseText out) {
    out.space().astring(rights.identifier()).space().string(rights.required());
    rights.optional().forEach(letter -> out.space().raw(letter));
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

  static void annotations(List<Untagged.Annotation> annotations, ResponseText out) {
    char before = '(';
    for (var annotation : annotations) {
      out.raw(before).astring(annotation.entry()).space();
      annotation.value().ifPresentOrElse(value -> value(value, out), out::nil);
      before = ' ';
    }
    out.raw(')');
  }

  /** A string, or a literal8 where it has NUL. */
  private static void value(Buffer octets, ResponseText out) {
    boolean binary = false;
    for (int i = 0; i < octets.length() && !binary; i++) {
      binary = octets.getByte(i) == 0;
    }
    if (binary) {
      out.raw('~').literalOf(octets.length()).raw(octets);
    } else {
      out.string(octets);
    }
  }

  /** Behind an opening parenthesis. */
  static void scores(int[] scores, ResponseText out) {
    for (int i = 0; i < scores.length; i++) {
      (i == 0 ? out : out.space()).number(scores[i]);
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
