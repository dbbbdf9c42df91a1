/**
 * What mail programs and people read about the connection settings: Thunderbird's autoconfig, PACC,
 * Autodiscover, Apple's profile, DNS records, and the page itself.
 *
 * <p>Holds one class for each format; {@code ClientSettings}, which all of them are made from;
 * {@code Templates}, which fills the files in {@code resources/settings-page}. Imports {@code
 * config} and {@code config.net}, Qute and Bouncy Castle's CMS. Must not know HTTP, a store or an
 * account.
 *
 * <p>Laws: a document depends on the settings and on what the client has sent, and on nothing else:
 * it never shows whether an address exists. Everything that is inserted into a template is escaped.
 * Documents for programs name encrypted servers only. Equal settings give equal octets, signatures
 * excepted.
 *
 * <p>RFC 6186, RFC 8314; draft-ietf-mailmaint-autoconfig-04, draft-ietf-mailmaint-pacc-04;
 * [MS-OXDSCLI]; RFC 9562 §5.5, RFC 5652.
 */
package io.postern.admin.settingspage.format;
