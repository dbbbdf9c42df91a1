-- Before Flyway compares its history with the migrations of this package: a migration without a transaction
-- of Flyway that failed is repeated, and goes on where it was.
DO $$
BEGIN
  IF to_regclass('flyway_schema_history') IS NOT NULL THEN
    DELETE FROM flyway_schema_history WHERE version IN ('007', '008', '012') AND NOT success;
  END IF;
END
$$;
