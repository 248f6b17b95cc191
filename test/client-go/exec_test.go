package clientgo

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/util/httpstream"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/remotecommand"
	watchtools "k8s.io/client-go/tools/watch"
	"k8s.io/client-go/util/exec"
)

const script = "read line; echo got $line; echo no >&2; exit 3"

// TestExec runs a command by each protocol, and by the older one where something in between knows no newer.
func TestExec(t *testing.T) {
	config := configFor(t, asJSON)
	client := clientFor(t, config)
	ctx := untilDone(t)
	namespace := namespaceFor(t, client)
	startShell(t, ctx, client, namespace)
	place := func(config *rest.Config) *url.URL {
		options := &corev1.PodExecOptions{Command: []string{"sh", "-c", script}, Stdin: true, Stdout: true, Stderr: true}
		return clientFor(t, config).CoreV1().RESTClient().Post().Resource("pods").Namespace(namespace).Name("shell").
			SubResource("exec").VersionedParams(options, scheme.ParameterCodec).URL()
	}

	t.Run("WebSocket", func(t *testing.T) {
		executor, err := remotecommand.NewWebSocketExecutor(config, http.MethodGet, place(config).String())
		must(t, err)
		runScript(t, ctx, executor)
	})
	t.Run("SPDY", func(t *testing.T) {
		executor, err := remotecommand.NewSPDYExecutor(config, http.MethodPost, place(config))
		must(t, err)
		runScript(t, ctx, executor)
	})
	t.Run("Fallback", func(t *testing.T) {
		between, refused := withoutWebSockets(t, config)
		webSocket, err := remotecommand.NewWebSocketExecutor(between, http.MethodGet, place(between).String())
		must(t, err)
		spdy, err := remotecommand.NewSPDYExecutor(between, http.MethodPost, place(between))
		must(t, err)
		executor, err := remotecommand.NewFallbackExecutor(webSocket, spdy, httpstream.IsUpgradeFailure)
		must(t, err)
		runScript(t, ctx, executor)
		if refused.Load() != 1 {
			t.Errorf("%d WebSockets were tried", refused.Load())
		}
	})
}

func runScript(t *testing.T, ctx context.Context, executor remotecommand.Executor) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	err := executor.StreamWithContext(ctx, remotecommand.StreamOptions{
		Stdin: strings.NewReader("this\n"), Stdout: &stdout, Stderr: &stderr,
	})
	var status exec.CodeExitError
	if !errors.As(err, &status) || status.Code != 3 {
		t.Errorf("it ended with %v", err)
	}
	if stdout.String() != "got this\n" || stderr.String() != "no\n" {
		t.Errorf("it said %q and %q", stdout.String(), stderr.String())
	}
}

// startShell runs a pod until it is ready.
func startShell(t *testing.T, ctx context.Context, client kubernetes.Interface, namespace string) {
	t.Helper()
	pods := client.CoreV1().Pods(namespace)
	_, err := pods.Create(ctx, &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "shell"},
		Spec: corev1.PodSpec{Containers: []corev1.Container{{
			Name: "shell", Image: "busybox", Command: []string{"sleep", "1000000"},
		}}},
	}, metav1.CreateOptions{})
	must(t, err)
	watched := cache.NewListWatchFromClient(
		client.CoreV1().RESTClient(), "pods", namespace, fields.OneTermEqualSelector("metadata.name", "shell"))
	_, err = watchtools.UntilWithSync(ctx, watched, &corev1.Pod{}, nil, func(event watch.Event) (bool, error) {
		return event.Object.(*corev1.Pod).Status.Phase == corev1.PodRunning, nil
	})
	must(t, err)
}

// withoutWebSockets is the way to the cluster through a proxy that refuses them, and how many it has refused.
func withoutWebSockets(t *testing.T, config *rest.Config) (*rest.Config, *atomic.Int32) {
	t.Helper()
	target, err := url.Parse(config.Host)
	must(t, err)
	onward := rest.CopyConfig(config)
	// What is upgraded goes over HTTP/1.1.
	onward.NextProtos = []string{"http/1.1"}
	transport, err := rest.TransportFor(onward)
	must(t, err)
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.Transport = transport
	refused := &atomic.Int32{}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		if strings.EqualFold(request.Header.Get("Upgrade"), "websocket") {
			refused.Add(1)
			http.Error(answer, "no such protocol", http.StatusBadRequest)
			return
		}
		proxy.ServeHTTP(answer, request)
	}))
	server.TLS = &tls.Config{NextProtos: []string{"http/1.1"}}
	server.StartTLS()
	t.Cleanup(server.Close)
	return &rest.Config{Host: server.URL, TLSClientConfig: rest.TLSClientConfig{Insecure: true}}, refused
}
