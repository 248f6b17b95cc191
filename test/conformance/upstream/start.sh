#!/usr/bin/env bash
# Builds etcd and kube-apiserver v1.35 with Go, runs them on 127.0.0.1:26443 (or PORT) in the folder given, with the flags that
# follow it, and prints the kubeconfig to record from. Ends with Ctrl-C. Needs Go, openssl and some three minutes the first time.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:?usage: start.sh FOLDER [FLAG...]}
shift
port=${PORT:-26443}
etcd=http://127.0.0.1:$((port - 1)) peers=http://127.0.0.1:$((port - 2))
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
version='-X k8s.io/component-base/version.gitVersion=v1.35.4 -X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=35'
cp -r "$here"/go.mod "$here"/apiserver "$here"/etcd "$folder"
cd "$folder"
go mod tidy
go build -o bin/etcd ./etcd
go build -ldflags "$version" -o bin/kube-apiserver ./apiserver

openssl genrsa -out sa.key 2048
openssl rsa -in sa.key -pubout -out sa.pub
openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -days 365 -subj /CN=ca
openssl req -newkey rsa:2048 -nodes -keyout admin.key -out admin.csr -subj /O=system:masters/CN=admin
openssl x509 -req -in admin.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out admin.crt -days 365
cat > kubeconfig <<EOF
apiVersion: v1
kind: Config
clusters: [{name: upstream, cluster: {server: 'https://127.0.0.1:$port', insecure-skip-tls-verify: true}}]
users: [{name: admin, user: {client-certificate: admin.crt, client-key: admin.key}}]
contexts: [{name: upstream, context: {cluster: upstream, user: admin}}]
current-context: upstream
EOF

cat > audit-policy.yaml <<EOF
apiVersion: audit.k8s.io/v1
kind: Policy
rules: [{level: Metadata}]
EOF

bin/etcd --data-dir etcd-data --unsafe-no-fsync \
  --listen-client-urls "$etcd" --advertise-client-urls "$etcd" \
  --listen-peer-urls "$peers" --initial-advertise-peer-urls "$peers" --initial-cluster default="$peers" > etcd.log 2>&1 &
trap 'kill $(jobs -p)' EXIT
echo "record with: UPSTREAM_AUDIT_LOG=$folder/audit.log UPSTREAM_KUBECONFIG=$folder/kubeconfig npx vitest run test/integration/simulator/conformance.test.ts"
bin/kube-apiserver --etcd-servers "$etcd" --secure-port "$port" --bind-address 127.0.0.1 \
  --advertise-address 10.0.0.1 --cert-dir certs --client-ca-file ca.crt --token-auth-file "$here/tokens.csv" \
  --authorization-mode Node,RBAC --enable-admission-plugins NodeRestriction \
  --service-account-key-file sa.pub --service-account-signing-key-file sa.key \
  --service-account-issuer https://kubernetes.default.svc.cluster.local \
  --audit-policy-file audit-policy.yaml --audit-log-path audit.log \
  --service-cluster-ip-range 10.96.0.0/12 --allow-privileged "$@" > apiserver.log 2>&1
