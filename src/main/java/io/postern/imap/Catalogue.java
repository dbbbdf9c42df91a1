package io.postern.imap;

import io.postern.imap.command.Rev1;
import io.postern.imap.extension.Acl;
import io.postern.imap.extension.AppendLimit;
import io.postern.imap.extension.Binary;
import io.postern.imap.extension.Catenate;
import io.postern.imap.extension.Children;
import io.postern.imap.extension.Comparators;
import io.postern.imap.extension.Compress;
import io.postern.imap.extension.CondStore;
import io.postern.imap.extension.CreateSpecialUse;
import io.postern.imap.extension.Enable;
import io.postern.imap.extension.Esearch;
import io.postern.imap.extension.FuzzySearch;
import io.postern.imap.extension.Id;
import io.postern.imap.extension.Idle;
import io.postern.imap.extension.InProgress;
import io.postern.imap.extension.Language;
import io.postern.imap.extension.ListExtended;
import io.postern.imap.extension.ListMetadata;
import io.postern.imap.extension.ListMyRights;
import io.postern.imap.extension.ListStatus;
import io.postern.imap.extension.LiteralMinus;
import io.postern.imap.extension.LiteralPlus;
import io.postern.imap.extension.MessageLimits;
import io.postern.imap.extension.Metadata;
import io.postern.imap.extension.Move;
import io.postern.imap.extension.MultiAppend;
import io.postern.imap.extension.Multisearch;
import io.postern.imap.extension.Namespace;
import io.postern.imap.extension.Notify;
import io.postern.imap.extension.ObjectId;
import io.postern.imap.extension.Partial;
import io.postern.imap.extension.Preview;
import io.postern.imap.extension.Qresync;
import io.postern.imap.extension.Quota;
import io.postern.imap.extension.Replacing;
import io.postern.imap.extension.Rev2;
import io.postern.imap.extension.SaslIr;
import io.postern.imap.extension.SaveDate;
import io.postern.imap.extension.SearchContexts;
import io.postern.imap.extension.SearchRes;
import io.postern.imap.extension.Sorting;
import io.postern.imap.extension.SpecialUses;
import io.postern.imap.extension.StatusDeleted;
import io.postern.imap.extension.StatusSize;
import io.postern.imap.extension.Threading;
import io.postern.imap.extension.UidBatches;
import io.postern.imap.extension.UidOnly;
import io.postern.imap.extension.UidPlus;
import io.postern.imap.extension.Unauthenticate;
import io.postern.imap.extension.Unselect;
import io.postern.imap.extension.Utf8Accept;
import io.postern.imap.extension.Within;
import io.postern.imap.extension.Xlist;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.ExtensionRegistry;
import java.util.ArrayList;
import java.util.List;

/** The list of all extensions of the server, in the order in which CAPABILITY shows them. */
public final class Catalogue {
  private Catalogue() {}

  /** The registry of all extensions. */
  public static ExtensionRegistry extensions() {
    var all = new ArrayList<Extension>();
    all.addAll(sessionsAndMailboxes());
    all.addAll(messages());
    return new ExtensionRegistry(all);
  }

  private static List<Extension> sessionsAndMailboxes() {
    return List.of(
        new Rev1(),
        new Rev2(),
        new SaslIr(),
        new LiteralPlus(),
        new LiteralMinus(),
        new Id(),
        new Enable(),
        new Utf8Accept(),
        new Idle(),
        new Notify(),
        new InProgress(),
        new Compress(),
        new Unauthenticate(),
        new Namespace(),
        new Language(),
        new Acl(),
        new ListMyRights(),
        new Children(),
        new ListExtended(),
        new ListStatus(),
        new ListMetadata(),
        new Xlist(),
        new SpecialUses(),
        new CreateSpecialUse(),
        new StatusSize(),
        new StatusDeleted(),
        new Metadata(),
        new Quota(),
        new AppendLimit(),
        new ObjectId());
  }

  private static List<Extension> messages() {
    return List.of(
        new UidPlus(),
        new UidOnly(),
        new UidBatches(),
        new MessageLimits(),
        new Move(),
        new Unselect(),
        new Esearch(),
        new Comparators(),
        new SearchRes(),
        new SearchContexts(),
        new FuzzySearch(),
        new Multisearch(),
        new Within(),
        new SaveDate(),
        new Partial(),
        new Preview(),
        new Sorting(),
        new Threading(),
        new MultiAppend(),
        new Binary(),
        new Catenate(),
        new Replacing(),
        new CondStore(),
        new Qresync());
  }
}
