/**
 * What every call of the admin API passes: authentication, roles, validation, audit.
 *
 * <p>Holds {@code BootstrapToken} and {@code Roles}; {@code Problem} with {@code ProblemException},
 * {@code ValidationErrors} and {@code ExceptionMappers}, which turn every failure into
 * problem+json; {@code AdminAudit}; {@code BodyLimit}; {@code Json}, which configures how bodies
 * are read; {@code OpenApiFailures}, and {@code PrebuiltOpenApi}, which serves it. Imports {@code
 * config}, {@code auth} and the store's failures. Must not know a resource.
 *
 * <p>Laws: a call without the required role is refused; tokens are compared in constant time. No
 * response holds a stack trace, a secret or details of the database. Each refusal and each change
 * writes a line to the log {@code mail.audit}.
 *
 * <p>RFC 6750, RFC 9110, RFC 9457.
 */
package io.postern.admin.security;
