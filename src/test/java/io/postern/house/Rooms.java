package io.postern.house;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;

/**
 * The allowed imports. To open a wall, change its row and the {@code package-info} too.
 *
 * <p>A row is a room, a colon and the rooms it may use, also on lines that are indented; {@code
 * room/Name} opens only the classes whose names begin so, {@link #EVERYTHING} all rooms.
 */
final class Rooms {

  static final String EVERYTHING = "*";

  /** What a verb may use; it may be about the connection itself: STARTTLS, IDLE, COMPRESS. */
  private static final String VERBS = "VERBS";

  private static final String TABLE =
      """
      VERBS: model model.message mime mime.header mime.text mime.search config config.area cancellation
          wire/Connection wire/Outbox wire/StreamStage wire/Request wire/Literal auth store
          store.account store.index imap.grammar imap.response imap.selected imap.state imap.spi
      model:
      model.message: model
      cancellation:
      config.net: model
      config.component: model
      config.area: model config.net
      config: model config.net config.area
      config.watch: config config.area
      embedded:
      image:
      mime.header:
      mime: model mime.header
      mime.decoding:
      mime.text: mime mime.header mime.decoding
      mime.search: mime mime.header mime.decoding mime.text
      render: model mime mime.header mime.decoding mime.text
      admission: model
      tls:
      wire: model config config.area
      wire.timer: wire
      wire.input: cancellation admission wire wire.timer wire.limits
      wire.stream: wire
      wire.dial: wire wire.stream
      wire.limits: wire.timer
      wire.registry: model wire wire.timer
      wire.transport: model config config.area admission tls wire wire.timer wire.input
          wire.stream wire.limits wire.registry
      store.account: model
      store: model model.message mime mime.search
      store.maintenance: model model.message store
      store.sharing: model model.message store store.account/AccessLists store.index
      store.postgres.tx: cancellation store
      store.postgres.schema: store.postgres.tx
      store.postgres.content: model mime mime.search cancellation store store.postgres.tx
      store.postgres.message: model model.message mime cancellation store store.account/Quotas
          store.index store.postgres.tx store.postgres.page store.postgres.content
      store.move: model
      store.postgres.move: model store.move store.postgres.tx store.postgres.schema
          store.postgres.account/AccountPurge
      store.postgres.page: model.message store.index
      store.postgres.mailbox: model model.message store store.postgres.tx store.postgres.page
          store.postgres.message
      store.postgres.account: model store store.maintenance store.account store.postgres.tx
          store.postgres.mailbox/InitialMailboxes
      store.postgres: model model.message mime.search cancellation store store.maintenance
          store.postgres.tx store.postgres.page store.postgres.message
      store.index: model model.message store
      store.content: model model.message mime mime.search store
      store.search: model mime mime.text/RangeSearch mime.search store store.content
      store.rendering: cancellation model model.message mime render store
      bus:
      push: model config config.area cancellation store bus
      auth: model config config.area store store.account auth.password
      site: model auth wire store/StoreFailure store.account
      site.directory: model site store store.account
      site.move: model store/StoreException store/StoreFailure store.move site
      site.transfer: model config.net/Endpoint site/MailDelivery store/StoreException store/StoreFailure store.move
      site.hop: model cancellation config config.area config.net/Endpoint wire auth site
          site.directory/CachedHomes
      auth.password: store.account
      auth.directory: config config.area auth auth.password store store.account
      auth.sasl: config config.area store store.account auth auth.password
      limits: model cancellation config config.area config.component config.net auth
          wire/CloseReason wire.registry admission bus
      imap.grammar: model model.message mime wire/Literal wire/Request
      imap.response: model model.message wire imap.grammar
      imap.selected: model model.message cancellation wire store store.index push imap.response
      imap.state: model wire/Connection wire/StreamStage wire/HandOver wire/Pipe wire/SiteLink
          auth site/Sites store/StoreFailure imap.response imap.selected
      imap.spi: model model.message mime config config.area wire auth site/Sites store
          store.account/Quotas store.account/AccessLists store.sharing store.index push
          imap.grammar imap.response imap.selected imap.state
      imap.notify: model store store.sharing push imap.grammar imap.response imap.selected
          imap.state imap.spi
      imap.session: model config config.area wire wire.limits/WireLimits auth store push
          imap.grammar imap.response imap.selected imap.state imap.spi
      imap.command: VERBS
      imap.extension: VERBS mime.decoding imap.command/AppendSink imap.command/CatenateData
          push/Hint store.sharing/OtherUsers site/HandOverFields site/Sites
          imap.command/CopyArguments imap.command/FollowedResult
          imap.command/ListMailboxes imap.command/MessageLimit imap.command/MultiSearch
          imap.command/NewMessageData imap.command/PartialRange imap.command/Progress
          imap.command/Replace imap.command/Sort imap.command/ThreadMessages imap.notify
      imap: imap.spi imap.command imap.extension
      pop3.maildrop: model mime config config.area cancellation wire auth/Identity store
          store.index
      pop3: model config config.area cancellation wire auth site store store.account store.index
          pop3.maildrop
      lmtp: model model.message mime mime.header config config.area config.net wire
          site/MailDelivery store store.account
      admin.security: model config config.area auth auth.password store store.account
          store.maintenance/AuditTrail store.move/MoveRefused
      admin: model config config.area config.net config.component config.watch/SettingsReport
          wire/CloseReason wire.registry auth store store.maintenance store.account/Secret probe
          admin.security site.move/MoveRequests store.move/MoveJobs store.move/Ticket
      admin.account: model model.message mime config config.area auth auth.password store
          store.maintenance store.account admin admin.security
      probe: model store.account/Secret
      admin.mailbox: model model.message mime/MessageFacts config config.area store store.index admin
          admin.account/Directory admin.security
      transfer.archive:
      transfer: transfer.archive
      transfer.source: transfer transfer.archive
      admin.cli.api: transfer transfer.archive
      admin.cli.output: transfer
      admin.cli: transfer transfer.archive transfer.source admin.cli.api admin.cli.output
      admin.settingspage.format: config config.area config.net
      admin.settingspage: config config.area config.net admin.settingspage.format
      observe.meter: model config config.area wire wire.registry auth site/SiteMeter
          site.move/MoveMeter
          imap.selected/UpdateMeter push limits/AdmissionMeter store.content/ContentCache
          store.index/MailboxIndexes store.search store.postgres.message/DamagedMailboxes
          store.postgres.tx/TxMeter store.postgres.tx/Connections
      observe.log: model config config.area wire wire.registry auth site/SiteMeter observe.meter
      observe.probe: model config config.area
      observe.protocol: model config config.area config.component wire wire.registry
          observe.log/LogFields observe.meter/SessionMeters
      observe.trace: model config config.area wire/CloseReason wire.registry
      observe: model config config.area config.component config.watch/SettingsReport wire
          wire.registry auth push observe.meter observe.log observe.protocol/ProtocolLog
          observe.trace/Traces store.index/MailboxIndexes store.postgres.tx/TxMeter
      app.tls: model config config.area tls store.account admin.settingspage.format
      app.move: config config.area/SiteSettings config.net/Endpoint site/MailDelivery site.move/MoveRunner site.transfer
          wire.transport/BackEnd
      app.wiring: *
      app: *
      """;

  static final Map<String, List<String>> MAY_IMPORT = read();

  private Rooms() {}

  private static Map<String, List<String>> read() {
    var rows = new LinkedHashMap<String, List<String>>();
    for (var line : TABLE.replace("\n    ", " ").lines().toList()) {
      int colon = line.indexOf(':');
      var room = line.substring(0, colon);
      var names = new ArrayList<String>();
      for (var words = new StringTokenizer(line.substring(colon + 1)); words.hasMoreTokens(); ) {
        var name = words.nextToken();
        names.addAll(name.equals(VERBS) ? rows.getOrDefault(VERBS, List.of()) : List.of(name));
      }
      if (rows.put(room, List.copyOf(names)) != null) {
        throw new IllegalStateException("The room " + room + " has two rows");
      }
    }
    rows.remove(VERBS);
    return rows;
  }
}
