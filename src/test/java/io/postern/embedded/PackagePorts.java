package io.postern.embedded;

/**
 * Where a packaged server under test listens, on this machine.
 *
 * @param http administration
 * @param management health and metrics
 */
public record PackagePorts(int http, int management) {}
