package io.postern.admin;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/**
 * The OpenAPI document is the one that was reviewed, so that no change of the API is made unseen.
 * Written with {@code ./mvnw test -Dtest=OpenApiIT -Dopenapi.write=true}.
 */
@QuarkusTest
class OpenApiIT {
  private static final Path REVIEWED = Path.of("src/main/docs/openapi.json");

  @ConfigProperty(name = "quarkus.management.port")
  int management;

  @Test
  void theDocumentIsTheReviewedOne() throws IOException {
    var served =
        sorted(
            given()
                .baseUri("http://localhost:" + management)
                .accept("application/json")
                .get("/q/openapi")
                .then()
                .statusCode(200)
                .extract()
                .asString());
    if (Boolean.getBoolean("openapi.write")) {
      Files.writeString(REVIEWED, served);
    }
    assertThat(Files.exists(REVIEWED) ? Files.readString(REVIEWED) : "")
        .as("write it with: ./mvnw test -Dtest=OpenApiIT -Dopenapi.write=true, and review it")
        .isEqualTo(served);
  }

  /** With members in the order of their names, and without the addresses of this run. */
  private static String sorted(String json) throws JsonProcessingException {
    var mapper = new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
    var document = mapper.readValue(json, new TypeReference<Map<String, Object>>() {});
    document.remove("servers");
    var printer = new DefaultPrettyPrinter();
    printer.indentArraysWith(new DefaultIndenter("  ", "\n"));
    printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
    return mapper.writer(printer).writeValueAsString(document) + "\n";
  }
}
