package io.postern.site.move;

import io.postern.site.HomeDirectory;
import io.postern.store.move.Arrivals;
import io.postern.store.move.Departures;
import io.postern.store.move.MoveJobs;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What a move needs of both sites.
 *
 * @param site the name of this site, which accounts leave
 * @param departures the store of this site
 * @param jobs the records of moves, in that store
 * @param arrivals the stores of other sites, by their names; empty for unknown ones
 * @param directory the homes of accounts
 * @param endSessions asks the sessions of a user at this site to reconnect
 * @param grace how long an old copy is kept
 */
public record MoveSites(
    String site,
    Departures departures,
    MoveJobs jobs,
    Function<String, Optional<Arrivals>> arrivals,
    HomeDirectory directory,
    Consumer<String> endSessions,
    Duration grace) {}
