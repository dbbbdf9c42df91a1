/** The bundled PostgreSQL and Redis of development, test and single-node runs. */
package io.postern.embedded;
