#!/usr/bin/env python3
"""Checks the Kubernetes manifests of share/siftd/fleet/kubernetes.

    manifests.py FOLDER SETTINGS

Each object is checked against what holds between objects and by the rules of the restricted security
standard; with the package kubernetes-validate, also against Kubernetes' own schemas. SETTINGS gets the
siftd.toml of the ConfigMap. Prints each finding and ends with 1 if there is any.
"""

import pathlib
import sys

import yaml

try:
    import kubernetes_validate
except ImportError:
    kubernetes_validate = None

# The oldest version of Kubernetes that is still common.
VERSION = "1.28"
KINDS = {
    "Namespace": "v1", "ConfigMap": "v1", "Service": "v1", "Deployment": "apps/v1",
    "StatefulSet": "apps/v1", "PodDisruptionBudget": "policy/v1",
    "HorizontalPodAutoscaler": "autoscaling/v2", "NetworkPolicy": "networking.k8s.io/v1",
}
findings = []


def find(condition, where, words):
    """Records a finding unless the condition holds."""
    if not condition:
        findings.append(f"{where}: {words}")


def name(one):
    return f"{one['kind']} {one['metadata']['name']}"


def selects(selector, labels):
    return bool(selector) and all(labels.get(key) == value for key, value in selector.items())


def check_probe(where, probe, ports):
    get = probe["httpGet"]
    find(get["port"] in ports, where, f"a probe asks the port {get['port']}")
    find(get["path"] in ("/livez", "/readyz"), where, f"a probe asks {get['path']}")
    # siftd answers names that it knows only.
    find({"name": "Host", "value": "localhost"} in get.get("httpHeaders", []), where, "no Host")


def check_pods(one, settings, secrets):
    """Checks what makes pods; returns their labels and the names of their ports."""
    where = name(one)
    spec = one["spec"]
    template = spec["template"]
    labels = template["metadata"]["labels"]
    find(selects(spec["selector"]["matchLabels"], labels), where, "does not select its pods")
    pod = template["spec"]
    security = pod["securityContext"]
    find(security.get("runAsNonRoot") and security.get("runAsUser"), where, "may run as root")
    find(security["seccompProfile"]["type"] == "RuntimeDefault", where, "seccomp")
    find(pod.get("automountServiceAccountToken") is False, where, "has the cluster's token")
    volumes = {volume["name"] for volume in pod["volumes"]}
    volumes |= {claim["metadata"]["name"] for claim in spec.get("volumeClaimTemplates", [])}
    ports = set()
    for container in pod["containers"]:
        own = container["securityContext"]
        find(own.get("readOnlyRootFilesystem") is True, where, "its root can be written")
        find(own.get("allowPrivilegeEscalation") is False, where, "may gain privileges")
        find(own["capabilities"]["drop"] == ["ALL"], where, "has capabilities")
        find("latest" not in container["image"], where, "the image has no version")
        ports |= {port["name"] for port in container["ports"]}
        mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
        find(set(mounts) <= volumes, where, f"mounts {set(mounts) - volumes}")
        # With a read-only root these must be volumes.
        for path in ("/var/lib/siftd", "/run/siftd", "/etc/siftd/siftd.toml"):
            find(path in mounts.values(), where, f"{path} is no volume")
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            check_probe(f"{where}, {probe}", container[probe], ports)
        find(container["livenessProbe"]["httpGet"]["path"] == "/livez", where,
             "is killed when it is not ready")
        find(container["readinessProbe"]["httpGet"]["path"] == "/readyz", where, "readiness")
        find({"cpu", "memory"} <= set(container["resources"]["requests"]), where,
             "requests no CPU, so the autoscaler has no measure")
        variables = {variable["name"] for variable in container.get("env", [])}
        find("SIFTD_FLEET_HOST" in variables, where, "pods have no names of their own")
    stop = sum(int(word) for container in pod["containers"]
               for word in container.get("lifecycle", {}).get("preStop", {}).get("exec", {})
               .get("command", []) if word.isdigit())
    # 20 s are scoring.drain_limit.
    find(pod["terminationGracePeriodSeconds"] > stop + 20, where, "is killed before it has stopped")
    for volume in pod["volumes"]:
        if "secret" in volume:
            secrets.add(volume["secret"]["secretName"])
            find(volume["secret"]["defaultMode"] & 0o007 == 0, where, "a secret is open to all")
        if "configMap" in volume:
            find(volume["configMap"]["name"] in settings, where, "the ConfigMap is missing")
    return labels, ports


def main(folder, output):
    objects = []
    for path in sorted(pathlib.Path(folder).glob("*.yaml")):
        for one in yaml.safe_load_all(path.read_text()):
            if "kind" in one:
                objects.append(one)
    find(len(objects) >= 8, folder, "manifests are missing")
    settings, secrets, pods = {}, set(), []
    for one in objects:
        find(KINDS.get(one["kind"]) == one["apiVersion"], name(one), one["apiVersion"])
        if one["kind"] != "Namespace":
            find(one["metadata"].get("namespace") == "siftd", name(one), "namespace")
        if one["kind"] == "ConfigMap":
            settings[one["metadata"]["name"]] = one["data"]["siftd.toml"]
        if kubernetes_validate:
            try:
                kubernetes_validate.validate(one, VERSION, strict=True)
            except Exception as error:  # The package has errors of several kinds.
                find(False, name(one), str(error).splitlines()[0])
    for one in objects:
        if one["kind"] in ("Deployment", "StatefulSet"):
            pods.append((one["metadata"]["name"], *check_pods(one, settings, secrets)))
    for one in objects:
        spec = one.get("spec", {})
        if one["kind"] == "Service":
            chosen = [ports for _, labels, ports in pods if selects(spec["selector"], labels)]
            find(len(chosen) == 1, name(one), f"selects {len(chosen)} kinds of pods")
            for port in spec["ports"]:
                find(all(port["targetPort"] in ports for ports in chosen), name(one), "its port")
        if one["kind"] == "PodDisruptionBudget":
            find(any(selects(spec["selector"]["matchLabels"], labels) for _, labels, _ in pods),
                 name(one), "selects nothing")
        if one["kind"] == "HorizontalPodAutoscaler":
            find(any(spec["scaleTargetRef"]["name"] == pod for pod, _, _ in pods), name(one),
                 "scales nothing")
            kinds = {metric["type"] for metric in spec["metrics"]}
            find(kinds == {"Pods", "Resource"}, name(one), f"asks {kinds}")
    find(secrets == {"siftd", "siftd-signing"}, folder, f"secrets {secrets}")
    pathlib.Path(output).write_text(settings["siftd"])
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
