package clientgo

import (
	"context"
	"fmt"
	"io"
	"testing"

	authorizationv1 "k8s.io/api/authorization/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/tools/pager"
	"k8s.io/client-go/util/retry"
)

// TestRequests makes, in protobuf, the requests that are none of a plain object.
func TestRequests(t *testing.T) {
	client := clientFor(t, configFor(t, asProtobuf))
	ctx := untilDone(t)
	namespace := namespaceFor(t, client)
	startShell(t, ctx, client, namespace)
	pods := client.CoreV1().Pods(namespace)

	review := &authorizationv1.SelfSubjectAccessReview{Spec: authorizationv1.SelfSubjectAccessReviewSpec{
		ResourceAttributes: &authorizationv1.ResourceAttributes{Namespace: namespace, Verb: "get", Resource: "pods"},
	}}
	reviewed, err := client.AuthorizationV1().SelfSubjectAccessReviews().Create(ctx, review, metav1.CreateOptions{})
	must(t, err)
	if !reviewed.Status.Allowed {
		t.Errorf("the administrator may not: %+v", reviewed.Status)
	}

	running, err := pods.Get(ctx, "shell", metav1.GetOptions{})
	must(t, err)
	running.Spec.EphemeralContainers = []corev1.EphemeralContainer{{
		EphemeralContainerCommon: corev1.EphemeralContainerCommon{
			Name: "look", Image: "busybox", Command: []string{"echo", "seen"},
		},
	}}
	_, err = pods.UpdateEphemeralContainers(ctx, "shell", running, metav1.UpdateOptions{})
	must(t, err)
	stream, err := pods.GetLogs("shell", &corev1.PodLogOptions{Container: "shell"}).Stream(ctx)
	must(t, err)
	text, err := io.ReadAll(stream)
	must(t, err)
	if len(text) != 0 {
		t.Errorf("it wrote %q", text)
	}

	must(t, retry.RetryOnConflict(retry.DefaultRetry, func() error {
		pod, err := pods.Get(ctx, "shell", metav1.GetOptions{})
		if err != nil {
			return err
		}
		pod.Labels = map[string]string{"seen": "yes"}
		_, err = pods.Update(ctx, pod, metav1.UpdateOptions{})
		return err
	}))
	must(t, pods.EvictV1(ctx, &policyv1.Eviction{ObjectMeta: metav1.ObjectMeta{Name: "shell", Namespace: namespace}}))
	err = pods.EvictV1(ctx, &policyv1.Eviction{ObjectMeta: metav1.ObjectMeta{Name: "nobody", Namespace: namespace}})
	if !apierrors.IsNotFound(err) {
		t.Errorf("who is not there: %v", err)
	}
}

// TestPages reads a long list in pages, each as the list was when the first was read.
func TestPages(t *testing.T) {
	client := clientFor(t, configFor(t, asProtobuf))
	ctx := untilDone(t)
	namespace := namespaceFor(t, client)
	configMaps := client.CoreV1().ConfigMaps(namespace)
	for index := range 10 {
		named := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("c%d", index), Labels: map[string]string{"page": "d"}}}
		_, err := configMaps.Create(ctx, named, metav1.CreateOptions{})
		must(t, err)
	}
	pages := 0
	lister := pager.New(func(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
		if pages++; pages == 2 {
			// Nothing that happens between two pages shows.
			must(t, configMaps.Delete(ctx, "c9", metav1.DeleteOptions{}))
		}
		return configMaps.List(ctx, options)
	})
	lister.PageSize = 3
	seen := map[string]bool{}
	must(t, lister.EachListItem(ctx, metav1.ListOptions{LabelSelector: "page=d"}, func(object runtime.Object) error {
		seen[object.(*corev1.ConfigMap).Name] = true
		return nil
	}))
	if pages != 4 || len(seen) != 10 {
		t.Errorf("%d in %d pages", len(seen), pages)
	}
}
