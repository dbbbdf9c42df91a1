package io.postern.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The alerts of {@code k8s/}, and for each what must happen to a healthy server to fire it. */
public final class Alerts {
  private static final double HOUR = 3_600;
  private static final double DAY = 24 * HOUR;
  private static final double MANY = 100_000;

  private Alerts() {}

  /** The expression of each, by name. */
  public static Map<String, String> expressions() {
    var found = new LinkedHashMap<String, String>();
    Manifests.all().stream()
        .filter(document -> document.kind().equals("PrometheusRule"))
        .flatMap(document -> elements(document.content().at("/spec/groups")))
        .flatMap(group -> elements(group.path("rules")))
        .forEach(rule -> found.put(rule.path("alert").asText(), rule.path("expr").asText()));
    return found;
  }

  private static Stream<JsonNode> elements(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }

  /**
   * Series that are not the server's, in a form and with values as their programs give them:
   * kube-state-metrics, the kubelet, CloudNativePG and its plugin, and {@code up} of Prometheus.
   *
   * @param now in Unix time
   */
  public static Samples others(double now) {
    var text =
        """
        up{job="postern-internal",namespace="postern",pod="postern-1",instance="10.244.0.9:9000"} 1
        kube_pod_container_status_restarts_total{namespace="postern",pod="postern-1",container="postern"} 1
        kube_horizontalpodautoscaler_status_desired_replicas{namespace="postern",horizontalpodautoscaler="postern"} 3
        kube_horizontalpodautoscaler_spec_max_replicas{namespace="postern",horizontalpodautoscaler="postern"} 12
        kube_horizontalpodautoscaler_status_condition{namespace="postern",horizontalpodautoscaler="postern",condition="ScalingActive",status="true"} 1
        kube_horizontalpodautoscaler_status_condition{namespace="postern",horizontalpodautoscaler="postern",condition="ScalingActive",status="false"} 0
        kubelet_volume_stats_available_bytes{namespace="postern",persistentvolumeclaim="postern-db-1"} 7e10
        kubelet_volume_stats_capacity_bytes{namespace="postern",persistentvolumeclaim="postern-db-1"} 1e11
        cnpg_collector_pg_wal_archive_status{namespace="postern",pod="postern-db-1",value="ready"} 1
        barman_cloud_cloudnative_pg_io_last_available_backup_timestamp{namespace="postern",pod="postern-db-1"} %.0f
        barman_cloud_cloudnative_pg_io_last_available_backup_timestamp{namespace="postern",pod="postern-db-2"} 0
        """
            .formatted(now - 20 * HOUR);
    return Samples.of(Map.of(), text, text);
  }

  /**
   * What fires each alert, done to series that are there.
   *
   * @param now in Unix time
   */
  public static Map<String, UnaryOperator<Samples>> causes(double now) {
    var causes = new TreeMap<String, UnaryOperator<Samples>>();
    outages(causes);
    loads(causes);
    causes.put("PosternCertificateExpires", it -> expires(it, now + 13 * DAY));
    causes.put("PosternCertificateExpiresNow", it -> expires(it, now + DAY));
    var backup = "barman_cloud_cloudnative_pg_io_last_available_backup_timestamp";
    causes.put("PosternBackupOld", it -> it.with(backup, _ -> now - 27 * HOUR));
    causes.put("PosternBackupUnknown", it -> it.without(backup));
    return causes;
  }

  private static Samples expires(Samples samples, double end) {
    return samples.with("mail_tls_certificate_expiry_timestamp_seconds", _ -> end);
  }

  private static void outages(Map<String, UnaryOperator<Samples>> causes) {
    gauge(causes, "PosternDown", "up{job=\"postern-internal\"}", 0);
    gauge(causes, "PosternReplicaDown", "up{job=\"postern-internal\"}", 0);
    gauge(causes, "PosternDatabaseDown", "mail_store_up", 0);
    gauge(causes, "PosternDatabaseUnreachable", "mail_store_up", 0);
    gauge(causes, "PosternPushDegraded", "mail_push_degraded", 1);
    gauge(causes, "PosternDirectoryDown", "mail_auth_directory_up", 0);
    gauge(causes, "PosternSettingsRefused", "mail_config_last_reload_success", 0);
    gauge(causes, "PosternListenerFailed", "mail_listeners_failed", 1);
    gauge(causes, "PosternProbeFails", "mail_probe_success", 0);
    gauge(causes, "PosternHeapNearlyFull", "mail_heap_max_bytes", 1);
    gauge(causes, "PosternDatabaseQueue", "sql_pool_queue_size", 21);
    gauge(causes, "PosternDatabaseDiskNearlyFull", "kubelet_volume_stats_available_bytes", 1e10);
    gauge(
        causes,
        "PosternAutoscalerAtItsMaximum",
        "kube_horizontalpodautoscaler_status_desired_replicas",
        12);
    gauge(
        causes,
        "PosternAutoscalerWithoutMetrics",
        "kube_horizontalpodautoscaler_status_condition{status=\"false\"}",
        1);
    gauge(causes, "PosternWalNotArchived", "cnpg_collector_pg_wal_archive_status", 21);
    counter(causes, "PosternRestarts", "kube_pod_container_status_restarts_total");
    causes.put(
        "PosternSessionFaults",
        it -> it.like("mail_sessions_ended_total{reason=\"logout\"}", "reason", "fault", 1));
  }

  private static void loads(Map<String, UnaryOperator<Samples>> causes) {
    counter(
        causes,
        "PosternSlowCommands",
        "mail_command_seconds_bucket{command=\"SELECT\",le=\"+Inf\"}");
    counter(causes, "PosternAverageCommandOver60s", "mail_command_seconds_sum{command=\"SELECT\"}");
    causes.put(
        "PosternStoreLate",
        it -> it.like("mail_store_seconds_count{outcome=\"ok\"}", "outcome", "late", MANY));
    counter(
        causes,
        "PosternConnectionsRejected",
        "mail_connections_rejected_total{reason=\"address\"}");
    counter(causes, "PosternPushLate", "mail_push_lag_seconds_bucket{le=\"+Inf\"}");
    counter(
        causes,
        "PosternLoginsRefused",
        "mail_command_seconds_count{command=\"LOGIN\",outcome=\"no\"}");
    counter(causes, "PosternProtocolLogIncomplete", "mail_protocol_log_dropped_total");
    counter(causes, "PosternClientsBanned", "mail_access_refused_total{reason=\"banned\"}");
    counter(causes, "PosternEventLoopLate", "mail_event_loop_delay_seconds_bucket{le=\"+Inf\"}");
  }

  private static void gauge(
      Map<String, UnaryOperator<Samples>> causes, String alert, String series, double value) {
    causes.put(alert, it -> it.with(series, _ -> value));
  }

  private static void counter(
      Map<String, UnaryOperator<Samples>> causes, String alert, String series) {
    causes.put(alert, it -> it.with(series, value -> value + MANY));
  }
}
