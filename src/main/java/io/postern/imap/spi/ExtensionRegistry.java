package io.postern.imap.spi;

import io.postern.imap.response.ResponseCode;
import io.postern.imap.selected.View;
import io.postern.imap.spi.Extension.Enabling;
import io.postern.imap.spi.Extension.SearchKey;
import io.postern.imap.spi.Extension.SetMarker;
import io.postern.imap.state.ConnectionState;
import io.postern.model.MailboxInfo;
import io.postern.model.NumberSet;
import io.postern.store.index.MailboxIndex;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The index of all extensions of the server. Built once; refuses two entries of one name. Names are
 * looked up in capitals.
 */
public final class ExtensionRegistry implements Extensions {
  private final List<Extension> extensions;
  private final Map<String, Verb> verbs;
  private final Map<String, SelectParameter> selectParameters;
  private final Map<String, CreateParameter> createParameters;
  private final Map<String, FetchItem.Kind> fetchItems;
  private final Map<String, FetchModifier> fetchModifiers;
  private final Map<String, StoreModifier> storeModifiers;
  private final Map<String, SearchKey> searchKeys;
  private final Map<String, SearchReturn> searchReturns;
  private final Map<String, StatusItem> statusItems;
  private final Map<String, ListOption.Selection> listSelections;
  private final Map<String, ListOption.Return> listReturns;
  private final Map<String, AppendData> appendData;
  private final Map<String, AppendData.Option> appendOptions;
  private final Map<Character, SetMarker> setMarkers;
  private final Map<String, Enabling> enables;

  /**
   * Indexes the extensions.
   *
   * @throws IllegalStateException when two of them add the same name
   */
  public ExtensionRegistry(List<Extension> extensions) {
    this.extensions = List.copyOf(extensions);
    verbs = index(Extension::verbs, Verb::name);
    selectParameters = index(Extension::selectParameters, SelectParameter::name);
    createParameters = index(Extension::createParameters, CreateParameter::name);
    fetchItems = index(Extension::fetchItems, FetchItem.Kind::name);
    fetchModifiers = index(Extension::fetchModifiers, FetchModifier::name);
    storeModifiers = index(Extension::storeModifiers, StoreModifier::name);
    searchKeys = index(Extension::searchKeys, SearchKey::name);
    searchReturns = index(Extension::searchReturns, SearchReturn::name);
    statusItems = index(Extension::statusItems, StatusItem::name);
    listSelections =
        index(e -> only(e.listOptions(), ListOption.Selection.class), ListOption::name);
    listReturns = index(e -> only(e.listOptions(), ListOption.Return.class), ListOption::name);
    appendData = index(Extension::appendData, AppendData::name);
    appendOptions = index(Extension::appendOptions, AppendData.Option::name);
    setMarkers = index(Extension::setMarkers, SetMarker::marker);
    enables = index(Extension::enables, Enabling::name);
  }

  /**
   * The registry without the extensions that announce one of these capabilities, before or after
   * login, or that require one of them.
   *
   * @param capabilities compared without case
   */
  public ExtensionRegistry without(Collection<String> capabilities) {
    var disabled = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    disabled.addAll(capabilities);
    var remaining = extensions;
    while (true) {
      var kept = remaining.stream().filter(e -> !isDisabled(e, disabled)).toList();
      if (kept.size() == remaining.size()) {
        return new ExtensionRegistry(kept);
      }
      remaining.stream()
          .filter(e -> !kept.contains(e))
          .flatMap(ExtensionRegistry::announced)
          .forEach(disabled::add);
      remaining = kept;
    }
  }

  /**
   * The registry for sessions whose commands handle no more messages than this.
   *
   * @param messages at least 1
   */
  public ExtensionRegistry limitedTo(int messages) {
    return new ExtensionRegistry(
        extensions.stream().map(extension -> extension.limitedTo(messages)).toList());
  }

  private static boolean isDisabled(Extension extension, Set<String> disabled) {
    return Stream.concat(announced(extension), extension.requires().stream())
        .anyMatch(disabled::contains);
  }

  private static Stream<String> announced(Extension extension) {
    var before = ConnectionState.NONE;
    return Stream.of(before, before.afterLogin())
        .flatMap(it -> extension.capabilities(it).stream());
  }

  private static <T> List<T> only(List<? super T> all, Class<T> kind) {
    return all.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private <K, T> Map<K, T> index(Function<Extension, List<T>> entries, Function<? super T, K> key) {
    var index = new HashMap<K, T>();
    for (var extension : extensions) {
      for (T entry : entries.apply(extension)) {
        if (index.put(key.apply(entry), entry) != null) {
          throw new IllegalStateException("the catalogue has two entries " + key.apply(entry));
        }
      }
    }
    return Map.copyOf(index);
  }

  /** The verb of this name; a UID verb by both words. */
  public Optional<Verb> verb(String name) {
    return Optional.ofNullable(verbs.get(name));
  }

  @Override
  public boolean hasVerb(String name) {
    return verbs.containsKey(name);
  }

  /** The parameter of SELECT and EXAMINE of this name. */
  public Optional<SelectParameter> selectParameter(String name) {
    return Optional.ofNullable(selectParameters.get(name));
  }

  /** The parameter of CREATE of this name. */
  public Optional<CreateParameter> createParameter(String name) {
    return Optional.ofNullable(createParameters.get(name));
  }

  @Override
  public Optional<ResponseCode> createCode(MailboxInfo mailbox) {
    return extensions.stream().flatMap(e -> e.createCode(mailbox).stream()).findFirst();
  }

  @Override
  public Stream<ResponseCode> selectCodes(View view, MailboxIndex index) {
    return extensions.stream().flatMap(e -> e.selectCodes(view, index).stream());
  }

  @Override
  public Optional<FetchItem.Kind> fetchItem(String name) {
    return Optional.ofNullable(fetchItems.get(name));
  }

  /** The modifier of FETCH of this name. */
  public Optional<FetchModifier> fetchModifier(String name) {
    return Optional.ofNullable(fetchModifiers.get(name));
  }

  /** The modifier of STORE of this name. */
  public Optional<StoreModifier> storeModifier(String name) {
    return Optional.ofNullable(storeModifiers.get(name));
  }

  /** The SEARCH key of this name. */
  public Optional<SearchKey> searchKey(String name) {
    return Optional.ofNullable(searchKeys.get(name));
  }

  /** The return option of SEARCH of this name. */
  public Optional<SearchReturn> searchReturn(String name) {
    return Optional.ofNullable(searchReturns.get(name));
  }

  /** Whether SEARCH has return options. */
  public boolean hasSearchReturns() {
    return !searchReturns.isEmpty();
  }

  @Override
  public Optional<StatusItem> statusItem(String name) {
    return Optional.ofNullable(statusItems.get(name));
  }

  /** The selection option of LIST of this name. */
  public Optional<ListOption.Selection> listSelection(String name) {
    return Optional.ofNullable(listSelections.get(name));
  }

  /** The return option of LIST of this name. */
  public Optional<ListOption.Return> listReturn(String name) {
    return Optional.ofNullable(listReturns.get(name));
  }

  /** The form of APPEND's message that this word begins. */
  public Optional<AppendData> appendData(String name) {
    return Optional.ofNullable(appendData.get(name));
  }

  /** The option of APPEND of this name. */
  public Optional<AppendData.Option> appendOption(String name) {
    return Optional.ofNullable(appendOptions.get(name));
  }

  /** Whether APPEND takes several messages. */
  public boolean appendsSeveral() {
    return extensions.stream().anyMatch(Extension::appendsSeveral);
  }

  /** Octets of the largest literal that a client may send without asking; -1 for none at all. */
  public long unaskedLiteral() {
    return extensions.stream()
        .flatMapToLong(extension -> extension.unaskedLiteral().stream())
        .max()
        .orElse(-1);
  }

  @Override
  public int saveLimit() {
    return extensions.stream()
        .flatMapToInt(extension -> extension.saveLimit().stream())
        .min()
        .orElse(Integer.MAX_VALUE);
  }

  @Override
  public int messageLimit() {
    return extensions.stream()
        .flatMapToInt(extension -> extension.messageLimit().stream())
        .min()
        .orElse(Integer.MAX_VALUE);
  }

  /** Whether a message can be appended as a literal8. */
  public boolean appendsBinary() {
    return extensions.stream().anyMatch(Extension::appendsBinary);
  }

  @Override
  public Optional<NumberSet> marked(int octet, CommandContext context) {
    var marker = octet < 0 ? null : setMarkers.get((char) octet);
    return marker == null ? Optional.empty() : Optional.of(marker.uids().apply(context));
  }

  @Override
  public Uni<Set<String>> enable(Collection<String> names, CommandContext context) {
    var more = enabling(names, context.enabled().names());
    return Multi.createFrom()
        .iterable(more)
        .onItem()
        .transformToUniAndConcatenate(enabling -> enabling.hook().enabled(context))
        .onItem()
        .ignoreAsUni()
        .map(
            _ ->
                more.stream()
                    .map(Enabling::name)
                    .collect(Collectors.toCollection(LinkedHashSet::new)));
  }

  /**
   * What these names switch on, with what they imply; names that nothing knows, and those that are
   * on, left aside.
   */
  private List<Enabling> enabling(Collection<String> names, Set<String> on) {
    var more = new LinkedHashMap<String, Enabling>();
    var pending = new ArrayDeque<>(names);
    while (!pending.isEmpty()) {
      var enabling = enables.get(pending.remove());
      if (enabling != null
          && !on.contains(enabling.name())
          && more.putIfAbsent(enabling.name(), enabling) == null) {
        pending.addAll(enabling.implied());
      }
    }
    return List.copyOf(more.values());
  }

  /** All extensions, in the catalogue's order. */
  public List<Extension> extensions() {
    return extensions;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    var shown = new LinkedHashSet<String>();
    extensions.forEach(e -> shown.addAll(e.capabilities(connectionState)));
    return List.copyOf(shown);
  }

  @Override
  public Stream<String> listAttributes(Optional<MailboxInfo> mailbox, boolean hasChildren) {
    return extensions.stream().flatMap(e -> e.listAttributes(mailbox, hasChildren).stream());
  }
}
