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
public class ApiDocument implements OASFilter {
  private static final Map<String, String> ALWAYS =
      Map.of(
          "400", "A parameter or the body is not of the form that is asked for",
          "401", "No bearer token that this server knows",
          "403", "The role does not allow this",
          "503", "The database does not answer; Retry-After says when to try again");
  private static final int FIRST_FAILURE = 400;

  @Override
  public void filterOpenAPI(OpenAPI api) {
    api.getComponents().addSchema("Problem", problem());
    api.getPaths()
        .getPathItems()
        .values()
        .forEach(path -> path.getOperations().values().forEach(ApiDocument::complete));
  }

  /** The schema of {@link Problem}. */
  private static Schema problem() {
    var flaw =
        object("One thing that is wrong")
            .addProperty("field", text("Where: a member of the body or a parameter"))
            .addProperty("value", text("What was there; *** for a secret"))
            .addProperty("allowed", text("What may be there"));
    var errors =
        OASFactory.createSchema()
            .addType(SchemaType.ARRAY)
            .items(flaw)
            .description("Each thing that is wrong with what was sent, if that is why");
    return object("Why a request was not done (RFC 9457)")
        .addProperty("title", text("What the status means"))
        .addProperty("status", OASFactory.createSchema().addType(SchemaType.INTEGER))
        .addProperty("detail", text("Why, for people"))
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
    responses.getAPIResponses().forEach(ApiDocument::complete);
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
