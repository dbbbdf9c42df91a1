package io.postern.imap.session;

import io.postern.imap.session.Extension.ListOption;
import io.postern.imap.session.Extension.SearchKey;
import io.postern.imap.session.Extension.StatusItem;
import io.postern.model.MailboxInfo;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The index of all extensions of the server. Built once; refuses two entries of one name. */
public final class ExtensionRegistry {
  private final List<Extension> extensions;
  private final Map<String, Verb> verbs;
  private final Map<String, FetchItem.Kind> fetchItems;
  private final Map<String, SearchKey> searchKeys;
  private final Map<String, StatusItem> statusItems;
  private final Map<String, ListOption> listOptions;

  /**
   * Indexes the extensions.
   *
   * @throws IllegalStateException when two of them add the same name
   */
  public ExtensionRegistry(List<Extension> extensions) {
    this.extensions = List.copyOf(extensions);
    verbs = index(Extension::verbs, Verb::name);
    fetchItems = index(Extension::fetchItems, FetchItem.Kind::name);
    searchKeys = index(Extension::searchKeys, SearchKey::name);
    statusItems = index(Extension::statusItems, StatusItem::name);
    listOptions = index(Extension::listOptions, ListOption::name);
  }

  private <T> Map<String, T> index(Function<Extension, List<T>> entries, Function<T, String> name) {
    var index = new HashMap<String, T>();
    for (var extension : extensions) {
      for (T entry : entries.apply(extension)) {
        if (index.put(name.apply(entry), entry) != null) {
          throw new IllegalStateException("the catalogue has two entries " + name.apply(entry));
        }
      }
    }
    return Map.copyOf(index);
  }

  /** The verb of this name in any case; a UID verb by both words. */
  public Optional<Verb> verb(String name) {
    return Optional.ofNullable(verbs.get(name.toUpperCase(Locale.ROOT)));
  }

  /** The FETCH item of this name in any case. */
  public Optional<FetchItem.Kind> fetchItem(String name) {
    return Optional.ofNullable(fetchItems.get(name.toUpperCase(Locale.ROOT)));
  }

  /** The SEARCH key of this name in any case. */
  public Optional<SearchKey> searchKey(String name) {
    return Optional.ofNullable(searchKeys.get(name.toUpperCase(Locale.ROOT)));
  }

  /** The STATUS item of this name in any case. */
  public Optional<StatusItem> statusItem(String name) {
    return Optional.ofNullable(statusItems.get(name.toUpperCase(Locale.ROOT)));
  }

  /** The LIST option of this name in any case. */
  public Optional<ListOption> listOption(String name) {
    return Optional.ofNullable(listOptions.get(name.toUpperCase(Locale.ROOT)));
  }

  /** All extensions, in the catalogue's order. */
  public List<Extension> extensions() {
    return extensions;
  }

  /** The capabilities, in the catalogue's order, each once. */
  public String capabilities(ConnectionState connectionState) {
    var shown = new LinkedHashSet<String>();
    extensions.forEach(e -> shown.addAll(e.capabilities(connectionState)));
    return String.join(" ", shown);
  }

  /** The names that ENABLE can switch on. */
  public Set<String> enables() {
    var names = new LinkedHashSet<String>();
    extensions.forEach(e -> names.addAll(e.enables()));
    return names;
  }

  /** The attributes that extensions add to a name in LIST, whether or not it is a mailbox. */
  public List<String> listAttributes(Optional<MailboxInfo> mailbox, boolean hasChildren) {
    return extensions.stream()
        .flatMap(e -> e.listAttributes(mailbox, hasChildren).stream())
        .toList();
  }
}
