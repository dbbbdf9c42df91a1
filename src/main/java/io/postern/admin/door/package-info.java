/**
 * What every call of administration passes: who may come in, how a refusal is told, what is noted.
 *
 * <p>Holds {@code BootstrapToken} and {@code Roles}; {@code Problem} with {@code Refusal}, {@code
 * Flaws} and {@code Problems}, through which every failure becomes problem+json; {@code Audit};
 * {@code BodyLimit}; {@code Json}, how bodies are read; {@code ApiDocument}, and {@code
 * WrittenDocument}, which hands it out. Imports {@code config}, {@code auth} and the store's
 * failures. Must not know a resource.
 *
 * <p>Laws: nobody is let in whose right was not shown; tokens are compared in constant time. No
 * stack trace, no secret and nothing of the database is in an answer. Whoever is refused, and
 * whoever changes something, leaves a line in the log {@code mail.audit}.
 *
 * <p>RFC 6750, RFC 9110, RFC 9457.
 */
package io.postern.admin.door;
