package io.postern.admin;

import static io.postern.admin.security.Roles.ADMIN;
import static io.postern.admin.security.Roles.SERVER_ADMIN;
import static io.postern.admin.security.Roles.VIEWER;

import io.postern.config.watch.SettingsReport;
import io.postern.config.watch.SettingsReport.Reporter;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The settings in force on this node. */
@Path("/admin/v1/settings")
@NonBlocking
@Tag(name = "settings", description = "The settings in force; they are changed in their files")
@RolesAllowed({ADMIN, SERVER_ADMIN, VIEWER})
public class SettingsResource {
  private final Reporter reporter;

  SettingsResource(Reporter reporter) {
    this.reporter = reporter;
  }

  /** Returns all settings, and why the changed files were rejected, if they were. */
  @GET
  @Operation(
      summary = "Show the settings in force",
      description =
          "Each with its value, source and range; secrets are masked. lastError is present while"
              + " the current files are rejected")
  public SettingsReport settings() {
    return reporter.report();
  }
}
