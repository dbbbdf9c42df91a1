package io.postern.auth.sasl;

import io.postern.config.area.AuthSettings.Certificates;
import java.io.IOException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.ASN1TaggedObject;

/** Reads the login name from a client certificate. */
final class CertificateUser {
  /** RFC 5280 §4.2.1.6: the kinds of subject alternative names. */
  private static final int OTHER_NAME = 0;

  private static final int RFC822_NAME = 1;

  /** Windows' User Principal Name. */
  private static final String UPN = "1.3.6.1.4.1.311.20.2.3";

  private CertificateUser() {}

  /** The login name; empty when the certificate has no such field. */
  static Optional<String> loginName(X509Certificate certificate, Certificates settings) {
    return switch (settings.userField()) {
      case RFC822_NAME -> alternative(certificate, RFC822_NAME, CertificateUser::text);
      case UPN -> alternative(certificate, OTHER_NAME, CertificateUser::principal);
      case COMMON_NAME -> commonName(certificate);
    };
  }

  private interface ValueReader {
    Optional<String> of(Object value);
  }

  private static Optional<String> alternative(
      X509Certificate certificate, int kind, ValueReader reader) {
    try {
      var names =
          Optional.<Collection<List<?>>>ofNullable(certificate.getSubjectAlternativeNames());
      return names.stream()
          .flatMap(Collection::stream)
          .filter(name -> name.get(0).equals(kind))
          .flatMap(name -> reader.of(name.get(1)).stream())
          .findFirst();
    } catch (CertificateParsingException _) {
      // Malformed names give no login name.
      return Optional.empty();
    }
  }

  private static Optional<String> text(Object value) {
    return Optional.of(value).filter(String.class::isInstance).map(String.class::cast);
  }

  /** OtherName ::= SEQUENCE { type-id OID, value [0] EXPLICIT ANY }. */
  private static Optional<String> principal(Object value) {
    if (!(value instanceof byte[] der)) {
      return Optional.empty();
    }
    try {
      var name = ASN1Sequence.getInstance(unwrapped(der));
      var type = ASN1ObjectIdentifier.getInstance(name.getObjectAt(0));
      var tagged = ASN1TaggedObject.getInstance(name.getObjectAt(1));
      var inner = tagged.getExplicitBaseObject();
      while (inner instanceof ASN1TaggedObject again) {
        inner = again.getExplicitBaseObject();
      }
      return type.getId().equals(UPN) && inner instanceof ASN1String text
          ? Optional.of(text.getString())
          : Optional.empty();
    } catch (IllegalArgumentException | IllegalStateException _) {
      // Not of this form: no principal's name.
      return Optional.empty();
    }
  }

  private static Object unwrapped(byte[] der) {
    try {
      var whole = ASN1Primitive.fromByteArray(der);
      return whole instanceof ASN1TaggedObject tagged
          ? ASN1Sequence.getInstance(tagged, false)
          : whole;
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static Optional<String> commonName(X509Certificate certificate) {
    try {
      return new LdapName(certificate.getSubjectX500Principal().getName())
          .getRdns().stream()
              .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
              .map(Rdn::getValue)
              .filter(String.class::isInstance)
              .map(String.class::cast)
              .reduce((_, last) -> last);
    } catch (InvalidNameException _) {
      // A subject that is no distinguished name gives no login name.
      return Optional.empty();
    }
  }
}
