package io.postern.admin;

/**
 * The name of this replica: its host name, which under Kubernetes is the name of the pod.
 *
 * @param value not empty
 */
public record NodeName(String value) {}
