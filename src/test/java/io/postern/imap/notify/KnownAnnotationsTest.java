package io.postern.imap.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.imap.response.Untagged;
import io.postern.imap.response.Untagged.ChangedMetadata;
import io.postern.imap.selected.Notifications.OwnChange;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import io.postern.model.UidValidity;
import io.postern.store.Annotations.Subject;
import io.postern.store.Annotations.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KnownAnnotationsTest {
  private static final AccountId ACCOUNT = new AccountId(1);
  private static final MailboxId BOX = new MailboxId(7);
  private static final MailboxName NAME = new MailboxName("box");

  private final EventFilter filter = new EventFilter();
  private final KnownNames names = new KnownNames(filter);
  private final KnownAnnotations known = new KnownAnnotations(filter, names);

  @BeforeEach
  void make() {
    filter.addAnnotations();
    names.created(
        new MailboxInfo(new MailboxKey(ACCOUNT, BOX), NAME, new UidValidity(1), Optional.empty()));
  }

  private static Version of(MailboxId mailbox, String entry, long number) {
    return new Version(Optional.of(mailbox), entry, number);
  }

  private static Version ofServer(String entry, long number) {
    return new Version(Optional.empty(), entry, number);
  }

  private static Untagged changed(String... entries) {
    return new ChangedMetadata(Optional.of(NAME), List.of(entries));
  }

  @Test
  void whatIsReadFirstIsNoChange() {
    assertThat(known.replace(List.of(of(BOX, "/shared/a", 1)))).isEmpty();
    assertThat(known.replace(List.of(of(BOX, "/shared/a", 1)))).isEmpty();
  }

  @Test
  void whatIsSetAndWhatIsRemovedIsSentByItsName() {
    known.replace(List.of(of(BOX, "/shared/a", 1), of(BOX, "/shared/b", 1)));
    assertThat(
            known.replace(
                List.of(
                    of(BOX, "/shared/a", 2), of(BOX, "/shared/c", 2), ofServer("/private/d", 2))))
        .containsExactly(
            new ChangedMetadata(Optional.empty(), List.of("/private/d")),
            changed("/shared/a", "/shared/b", "/shared/c"));
  }

  @Test
  void anOwnVersionIsNoChangeAndAnotherOneBehindItIs() {
    known.replace(List.of(of(BOX, "/shared/a", 1), of(BOX, "/shared/b", 1)));
    var subject = new Subject(ACCOUNT, Optional.of(BOX));
    known.annotated(new OwnChange.Annotated(subject, Set.of("/shared/a"), Set.of("/shared/b"), 5));
    assertThat(known.replace(List.of(of(BOX, "/shared/a", 5)))).isEmpty();
    known.annotated(new OwnChange.Annotated(subject, Set.of("/shared/a"), Set.of(), 6));
    assertThat(known.replace(List.of(of(BOX, "/shared/a", 7), of(BOX, "/shared/b", 7))))
        .containsExactly(changed("/shared/a", "/shared/b"));
  }

  @Test
  void annotationsOfAMailboxWithoutANameAreSentWhenItHasOne() {
    var other = new MailboxId(8);
    known.replace(List.of());
    assertThat(known.replace(List.of(of(other, "/shared/a", 1)))).isEmpty();
    var name = new MailboxName("other");
    names.created(
        new MailboxInfo(
            new MailboxKey(ACCOUNT, other), name, new UidValidity(1), Optional.empty()));
    assertThat(known.replace(List.of(of(other, "/shared/a", 1))))
        .containsExactly(new ChangedMetadata(Optional.of(name), List.of("/shared/a")));
  }

  @Test
  void annotationsThatMayBeGoneWithTheirMailboxAreNotReplacedBeforeItsNameIsRead() {
    known.replace(List.of(of(BOX, "/shared/a", 1), ofServer("/private/d", 2)));
    assertThat(known.lacksSome(List.of(of(BOX, "/shared/a", 2)))).isFalse();
    var gone = List.of(ofServer("/private/d", 2));
    assertThat(known.lacksSome(gone)).isTrue();
    names.deleted(BOX);
    assertThat(known.replace(gone)).isEmpty();
    assertThat(known.lacksSome(gone)).isFalse();
  }

  @Test
  void oneResponseHasABoundedNumberOfNames() {
    known.replace(List.of());
    var many = new ArrayList<Version>();
    for (int i = 0; i < 65; i++) {
      many.add(of(BOX, "/shared/" + (100 + i), 1));
    }
    assertThat(known.replace(many))
        .extracting(it -> ((ChangedMetadata) it).entries().size())
        .containsExactly(64, 1);
  }
}
