package io.postern.admin;

/**
 * What this replica is called: its host's name, which is the pod's under Kubernetes.
 *
 * @param value not empty
 */
public record NodeName(String value) {}
