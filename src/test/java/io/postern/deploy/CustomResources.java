package io.postern.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBehavior;
import java.util.List;
import java.util.Map;

/** The used fields of custom resources. */
final class CustomResources {
  private CustomResources() {}

  /** cert-manager's. */
  record Certificate(String apiVersion, String kind, ObjectMeta metadata, Requested spec) {}

  record Requested(
      String secretName,
      String duration,
      String renewBefore,
      PrivateKey privateKey,
      List<String> usages,
      List<String> uris,
      Issuer issuerRef) {}

  record PrivateKey(String algorithm, int size, String rotationPolicy) {}

  record Issuer(String group, String kind, String name) {}

  /** KEDA's. */
  record ScaledObject(String apiVersion, String kind, ObjectMeta metadata, Scaling spec) {}

  record Scaling(
      Target scaleTargetRef,
      int minReplicaCount,
      int maxReplicaCount,
      int pollingInterval,
      int cooldownPeriod,
      Fallback fallback,
      Advanced advanced,
      List<Trigger> triggers) {}

  record Target(String name) {}

  record Fallback(int failureThreshold, int replicas) {}

  record Advanced(AutoscalerConfig horizontalPodAutoscalerConfig) {}

  record AutoscalerConfig(HorizontalPodAutoscalerBehavior behavior) {}

  record Trigger(String type, String metricType, Map<String, String> metadata) {}

  /** CloudNativePG's. */
  record Cluster(String apiVersion, String kind, ObjectMeta metadata, Database spec) {}

  record Database(
      int instances,
      String imageName,
      String primaryUpdateStrategy,
      Inherited inheritedMetadata,
      Bootstrap bootstrap,
      PostgreSql postgresql,
      Storage storage,
      Storage walStorage,
      ResourceRequirements resources,
      Affinity affinity,
      List<ExternalCluster> externalClusters,
      List<Plugin> plugins) {}

  record Plugin(String name, boolean isWALArchiver, Map<String, String> parameters) {}

  /** CloudNativePG's, by a plugin. */
  record ScheduledBackup(String apiVersion, String kind, ObjectMeta metadata, Schedule spec) {}

  record Schedule(
      String schedule,
      boolean immediate,
      String backupOwnerReference,
      Target cluster,
      String method,
      Target pluginConfiguration) {}

  /** That of CloudNativePG's Barman Cloud plugin. */
  record ObjectStore(String apiVersion, String kind, ObjectMeta metadata, Archive spec) {}

  record Archive(String retentionPolicy, Bucket configuration) {}

  record Bucket(
      String destinationPath,
      Map<String, SecretKeySelector> s3Credentials,
      Map<String, String> wal,
      Map<String, String> data) {}

  record Inherited(Map<String, String> labels) {}

  record Bootstrap(InitDb initdb, Recovery recovery) {}

  record Recovery(
      String source,
      String database,
      String owner,
      Map<String, String> secret,
      Map<String, String> recoveryTarget) {}

  record ExternalCluster(String name, Plugin plugin) {}

  record InitDb(
      String database,
      String owner,
      String encoding,
      String localeCollate,
      String localeCType,
      Map<String, String> secret) {}

  record PostgreSql(Map<String, String> parameters, Synchronous synchronous) {}

  record Synchronous(String method, int number, String dataDurability) {}

  record Storage(String size) {}

  record Affinity(
      boolean enablePodAntiAffinity, String topologyKey, JsonNode podAntiAffinityType) {}
}
