package io.postern;

import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.Suite;

/**
 * The tests that run the application in their own process. The platform builds and starts the
 * application once for all classes of a run of JUnit that have the same profile, but Failsafe runs
 * each class as a run of its own; a suite is one class. The build excludes the classes by {@code
 * application-tests.txt}; one that is named, as in {@code -Dit.test=AccessIT}, runs alone.
 *
 * <p>It is the longest class, so its name is the first in the alphabet: the two processes of the
 * integration tests then end together.
 */
@Suite
@SelectClasses(
    names = {
      "io.postern.admin.AccessIT",
      "io.postern.admin.AccountChangesIT",
      "io.postern.admin.AccountsIT",
      "io.postern.admin.AuditIT",
      "io.postern.admin.ConnectivityTestsIT",
      "io.postern.admin.DeletedAccountsIT",
      "io.postern.admin.MailboxPlansIT",
      "io.postern.admin.MessagesIT",
      "io.postern.admin.OpenApiIT",
      "io.postern.admin.ProblemsIT",
      "io.postern.admin.ProtocolLogsIT",
      "io.postern.admin.ProtocolSettingsIT",
      "io.postern.admin.QuotasIT",
      "io.postern.admin.SettingsIT",
      "io.postern.app.AccessIT",
      "io.postern.app.AdminSecretsIT",
      "io.postern.app.AdministrationIT",
      "io.postern.app.CertificateRenewalIT",
      "io.postern.app.DamagedMailboxSessionIT",
      "io.postern.app.DeletedAccountIT",
      "io.postern.app.EvictedSessionIT",
      "io.postern.app.HotKeysIT",
      "io.postern.app.ListenerPlanIT",
      "io.postern.app.MailboxTransferIT",
      "io.postern.app.OpenSslIT",
      "io.postern.app.ServerIT",
      "io.postern.app.SettingsPageIT",
      "io.postern.app.StoreVerificationIT",
      "io.postern.app.UidValidityIT",
      "io.postern.auth.directory.ProvisionedAccountsIT",
      "io.postern.embedded.BundledServersIT",
      "io.postern.observe.BundledServersReadinessIT",
      "io.postern.sessions.SessionsPgIT",
      "io.postern.sessions.VariantSessionsPgIT",
      "io.postern.store.AccountPurgeIT",
      "io.postern.store.PgConcurrencyIT",
      "io.postern.store.PgPlansIT",
      "io.postern.store.PgStoreIT",
      "io.postern.store.SchemaIT",
      "io.postern.store.StoreModelIT",
      "io.postern.store.SweeperIT",
      "io.postern.store.postgres.tx.TxIT"
    })
public class ApplicationIT {}
