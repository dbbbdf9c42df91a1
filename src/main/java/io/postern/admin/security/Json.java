package io.postern.admin.security;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.postern.store.account.Secret;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Configures how request bodies are read: strictly, without type coercion. */
@Singleton
class Json implements ObjectMapperCustomizer {
  private static final Map<LogicalType, List<CoercionInputShape>> REFUSED_COERCIONS =
      Map.of(
          LogicalType.Boolean,
          List.of(CoercionInputShape.String, CoercionInputShape.Integer),
          LogicalType.Integer,
          List.of(CoercionInputShape.String, CoercionInputShape.Float),
          LogicalType.Textual,
          List.of(
              CoercionInputShape.Boolean, CoercionInputShape.Integer, CoercionInputShape.Float));

  @Override
  public void customize(ObjectMapper mapper) {
    mapper.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    mapper.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    mapper.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    // A quoted "false" or a 1 is not a boolean; a number is not a string.
    REFUSED_COERCIONS.forEach(
        (type, shapes) -> {
          var rule = mapper.coercionConfigFor(type);
          shapes.forEach(shape -> rule.setCoercion(shape, CoercionAction.Fail));
        });
    mapper.registerModule(new SimpleModule("secrets").addDeserializer(Secret.class, new Secrets()));
  }

  private static final class Secrets extends StdDeserializer<Secret> {
    private static final long serialVersionUID = 1L;

    Secrets() {
      super(Secret.class);
    }

    @Override
    public Secret deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      if (!parser.hasToken(JsonToken.VALUE_STRING)) {
        context.reportInputMismatch(this, "a secret is a string");
      }
      return new Secret(parser.getText());
    }
  }
}
