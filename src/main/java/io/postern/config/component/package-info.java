/**
 * What an administrator sets on running nodes, beside the settings: the states of the services, and
 * whose commands are logged for a time. Imports {@code model} only.
 */
package io.postern.config.component;
