package io.postern.model.message;

import io.postern.model.Ids.ContentId;
import io.postern.model.ModSeq;
import io.postern.model.Uid;
import java.time.Instant;

/**
 * The facts of a message without its bytes.
 *
 * @param uid its unique identifier
 * @param flags its stored flags, packed by the mailbox's {@link Keywords}
 * @param modSeq of its last change
 * @param size octets of the whole message as stored and as sent
 * @param internalDate its internal date
 * @param saved when it was added to this mailbox
 * @param content its bytes and facts
 */
public record MessageInfo(
    Uid uid,
    long flags,
    ModSeq modSeq,
    int size,
    InternalDate internalDate,
    Instant saved,
    ContentId content) {}
