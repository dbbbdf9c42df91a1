package io.postern.admin.settingspage.format;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DnsRecordsTest {
  @Test
  void everyServiceHasARecord() {
    assertThat(DnsRecords.of(Published.domain(Published.all())))
        .startsWith(
            """
            _imaps._tcp.example.com. IN SRV 0 1 993 imap.example.com.
            _imap._tcp.example.com. IN SRV 10 1 143 imap.example.com.
            _pop3s._tcp.example.com. IN SRV 20 1 995 pop.example.com.
            _pop3._tcp.example.com. IN SRV 30 1 110 pop.example.com.
            _submissions._tcp.example.com. IN SRV 0 1 465 smtp.example.com.
            _submission._tcp.example.com. IN SRV 10 1 587 smtp.example.com.
            _ua-auto-config.example.com. IN TXT "v=UAAC1; a=sha256; d=\
            """);
  }

  /** RFC 6186 §3.4 */
  @Test
  void whatIsNotOfferedIsSaidToBeSo() {
    assertThat(
            DnsRecords.of(
                Published.domain(
                    "mail.imap.enabled=true",
                    "mail.imap.external-connection-settings=imap.example.com:143")))
        .isEqualTo(
            """
            _imaps._tcp.example.com. IN SRV 0 0 0 .
            _imap._tcp.example.com. IN SRV 0 0 0 .
            _pop3s._tcp.example.com. IN SRV 0 0 0 .
            _pop3._tcp.example.com. IN SRV 0 0 0 .
            _submissions._tcp.example.com. IN SRV 0 0 0 .
            _submission._tcp.example.com. IN SRV 0 0 0 .
            """);
  }
}
