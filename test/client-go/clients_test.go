// Package clientgo has programs as people write them with client-go, as tests against the cluster that KUBECONFIG names.
package clientgo

import (
	"context"
	"net/http"
	"os"
	"sync"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

const (
	asJSON     = "application/json"
	asProtobuf = "application/vnd.kubernetes.protobuf"
)

// configFor is how programs reach the cluster when they speak a content type.
func configFor(t *testing.T, contentType string) *rest.Config {
	t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	must(t, err)
	config.ContentType = contentType
	if contentType != asJSON {
		config.AcceptContentTypes = contentType + "," + asJSON
	}
	return config
}

func clientFor(t *testing.T, config *rest.Config) kubernetes.Interface {
	t.Helper()
	client, err := kubernetes.NewForConfig(config)
	must(t, err)
	return client
}

// untilDone ends before the test does: whatever waits says where it was.
func untilDone(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 40*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// namespaceFor makes a namespace that goes with the test.
func namespaceFor(t *testing.T, client kubernetes.Interface) string {
	t.Helper()
	wanted := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "client-go-"}}
	made, err := client.CoreV1().Namespaces().Create(untilDone(t), wanted, metav1.CreateOptions{})
	must(t, err)
	t.Cleanup(func() {
		must(t, client.CoreV1().Namespaces().Delete(context.Background(), made.Name, metav1.DeleteOptions{}))
	})
	return made.Name
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// await gives what a channel brings.
func await[T any](t *testing.T, ctx context.Context, channel <-chan T, what string) T {
	t.Helper()
	select {
	case value := <-channel:
		return value
	case <-ctx.Done():
		t.Fatalf("%s: never came", what)
		panic("unreachable")
	}
}

// exchange is a request and how it was answered.
type exchange struct {
	request  *http.Request
	response *http.Response
}

// recorder keeps what goes over a transport.
type recorder struct {
	mu        sync.Mutex
	exchanges []exchange
}

// recording has a config's clients tell what they exchange.
func recording(config *rest.Config) *recorder {
	kept := &recorder{}
	config.Wrap(func(inner http.RoundTripper) http.RoundTripper {
		return roundTripper(func(request *http.Request) (*http.Response, error) {
			response, err := inner.RoundTrip(request)
			if err == nil {
				kept.mu.Lock()
				defer kept.mu.Unlock()
				kept.exchanges = append(kept.exchanges, exchange{request, response})
			}
			return response, err
		})
	})
	return kept
}

// of gives the exchanges whose requests are so.
func (r *recorder) of(matches func(*http.Request) bool) []exchange {
	r.mu.Lock()
	defer r.mu.Unlock()
	var found []exchange
	for _, each := range r.exchanges {
		if matches(each.request) {
			found = append(found, each)
		}
	}
	return found
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(request *http.Request) (*http.Response, error) { return f(request) }
