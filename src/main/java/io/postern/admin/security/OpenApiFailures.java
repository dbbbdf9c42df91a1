package io.postern.admin.security;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.Map;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;

/** Adds to the OpenAPI document how every call may fail, and the format of failures. */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public class OpenApiFailures implements OASFilter {
  private static final Map<String, String> ALWAYS =
      Map.of(
          "400", "A parameter or the body is malformed",
          "401", "No valid bearer token",
          "403", "The role does not allow this",
          "503", "The database does not answer; try again after Retry-After seconds");
  private static final int FIRST_FAILURE = 400;

  @Override
  public void filterOpenAPI(OpenAPI api) {
    api.getComponents().addSchema("Problem", problem());
    api.getPaths()
        .getPathItems()
        .values()
        .forEach(path -> path.getOperations().values().forEach(OpenApiFailures::complete));
  }

  /** The schema of {@link Problem}. */
  private static Schema problem() {
    var fieldError =
        object("An invalid value")
            .addProperty("field", text("The member of the body, or the parameter"))
            .addProperty("value", text("The invalid value; *** for a secret"))
            .addProperty("allowed", text("The allowed values"));
    var errors =
        OASFactory.createSchema()
            .addType(SchemaType.ARRAY)
            .items(fieldError)
            .description("The invalid values of the request");
    return object("Why a request was refused or failed (RFC 9457)")
        .addProperty("title", text("The meaning of the status"))
        .addProperty("status", OASFactory.createSchema().addType(SchemaType.INTEGER))
        .addProperty("detail", text("The reason, for people"))
        .addProperty("errors", errors);
  }

  private static Schema object(String description) {
    return OASFactory.createSchema().addType(SchemaType.OBJECT).description(description);
  }

  private static Schema text(String description) {
    return OASFactory.createSchema().addType(SchemaType.STRING).description(description);
  }

  private static void complete(Operation operation) {
    var responses = operation.getResponses();
    ALWAYS.forEach(
        (status, meaning) ->
            responses.addAPIResponse(status, OASFactory.createAPIResponse().description(meaning)));
    responses.getAPIResponses().forEach(OpenApiFailures::complete);
  }

  private static void complete(String status, APIResponse response) {
    if (status.matches("[0-9]+") && Integer.parseInt(status) >= FIRST_FAILURE) {
      var schema = OASFactory.createSchema().ref("#/components/schemas/Problem");
      response.setContent(
          OASFactory.createContent()
              .addMediaType(Problem.TYPE, OASFactory.createMediaType().schema(schema)));
    }
  }
}
