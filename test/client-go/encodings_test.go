package clientgo

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"reflect"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/diff"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
)

// One object of each kind with most of what it can have.
const manifests = "../conformance/kubectl/manifests/objects.yaml"

// TestEncodings reads and writes all that is there, of every kind that Go knows: both encodings say the same.
func TestEncodings(t *testing.T) {
	ctx := untilDone(t)
	client := clientFor(t, configFor(t, asJSON))
	namespace := namespaceFor(t, client)
	kinds := 0
	lists, err := discovery.ServerPreferredResources(client.Discovery())
	must(t, err)
	resources := map[schema.GroupVersionKind]metav1.APIResource{}
	for _, list := range lists {
		group, err := schema.ParseGroupVersion(list.GroupVersion)
		must(t, err)
		for _, resource := range list.APIResources {
			resources[group.WithKind(resource.Kind)] = resource
		}
	}
	createAll(t, ctx, namespace, resources)
	for kind, resource := range resources {
		if !scheme.Scheme.Recognizes(kind) || !strings.Contains(resource.Verbs.String(), "list") {
			continue
		}
		kinds++
		t.Run(resource.Name+"."+kind.Group, func(t *testing.T) { compareEncodings(t, ctx, kind, resource) })
	}
	if kinds < 40 {
		t.Errorf("only %d kinds are there", kinds)
	}
}

func createAll(t *testing.T, ctx context.Context, namespace string, resources map[schema.GroupVersionKind]metav1.APIResource) {
	t.Helper()
	text, err := os.ReadFile(manifests)
	must(t, err)
	documents := yaml.NewYAMLReader(bufio.NewReader(strings.NewReader(strings.ReplaceAll(string(text), "NAME", namespace))))
	for {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		must(t, err)
		object, kind, err := scheme.Codecs.UniversalDeserializer().Decode(document, nil, nil)
		must(t, err)
		err = restFor(t, *kind, asProtobuf).Post().Namespace(namespace).Resource(resources[*kind].Name).Body(object).Do(ctx).Error()
		// A service's endpoints may be there by themselves.
		if !apierrors.IsAlreadyExists(err) {
			must(t, err)
		}
	}
}

func compareEncodings(t *testing.T, ctx context.Context, kind schema.GroupVersionKind, resource metav1.APIResource) {
	asText, asBytes := restFor(t, kind, asJSON), restFor(t, kind, asProtobuf)
	list := newList(t, kind)
	must(t, asText.Get().Resource(resource.Name).Do(ctx).Into(list))
	version := meta.NewAccessor()
	at, err := version.ResourceVersion(list)
	must(t, err)
	same := newList(t, kind)
	again := asBytes.Get().Resource(resource.Name)
	if at != "" {
		again = again.Param("resourceVersion", at).Param("resourceVersionMatch", string(metav1.ResourceVersionMatchExact))
	}
	must(t, again.Do(ctx).Into(same))
	items, others := itemsOf(t, list), itemsOf(t, same)
	if len(items) != len(others) {
		t.Fatalf("%d and %d", len(items), len(others))
	}
	for index, item := range items {
		expectSame(t, item, others[index])
		if !strings.Contains(resource.Verbs.String(), "update") {
			continue
		}
		put := func(client rest.Interface) (runtime.Object, error) {
			object, err := meta.Accessor(item)
			must(t, err)
			return client.Put().NamespaceIfScoped(object.GetNamespace(), resource.Namespaced).Resource(resource.Name).
				Name(object.GetName()).Param("dryRun", metav1.DryRunAll).Body(item).Do(ctx).Get()
		}
		written, err := put(asText)
		alike, otherErr := put(asBytes)
		if hasChanged(err) || hasChanged(otherErr) {
			continue
		}
		if (err == nil) != (otherErr == nil) || err != nil && err.Error() != otherErr.Error() {
			t.Errorf("%v and %v", err, otherErr)
			continue
		}
		if err == nil {
			expectSame(t, written, alike)
			expectSame(t, written, item)
		}
	}
}

// hasChanged says whether somebody else has written or deleted an object meanwhile.
func hasChanged(err error) bool { return apierrors.IsConflict(err) || apierrors.IsNotFound(err) }

func expectSame(t *testing.T, one, other runtime.Object) {
	t.Helper()
	for _, object := range []runtime.Object{one, other} {
		// What a list's items do not say, and one object does.
		object.GetObjectKind().SetGroupVersionKind(schema.GroupVersionKind{})
		// What is said in JSON only.
		if set, ok := object.(*appsv1.StatefulSet); ok {
			for index := range set.Spec.VolumeClaimTemplates {
				set.Spec.VolumeClaimTemplates[index].TypeMeta = metav1.TypeMeta{}
			}
		}
	}
	if !equality.Semantic.DeepEqual(one, other) || !reflect.DeepEqual(reflect.TypeOf(one), reflect.TypeOf(other)) {
		t.Errorf("they differ:\n%s", diff.Diff(one, other))
	}
}

func newList(t *testing.T, kind schema.GroupVersionKind) runtime.Object {
	t.Helper()
	list, err := scheme.Scheme.New(kind.GroupVersion().WithKind(kind.Kind + "List"))
	must(t, err)
	return list
}

func itemsOf(t *testing.T, list runtime.Object) []runtime.Object {
	t.Helper()
	items, err := meta.ExtractList(list)
	must(t, err)
	return items
}

func restFor(t *testing.T, kind schema.GroupVersionKind, contentType string) rest.Interface {
	t.Helper()
	config := configFor(t, contentType)
	group := kind.GroupVersion()
	config.GroupVersion = &group
	config.APIPath = "/apis"
	if kind.Group == "" {
		config.APIPath = "/api"
	}
	config.QPS = -1
	config.NegotiatedSerializer = scheme.Codecs.WithoutConversion()
	client, err := rest.RESTClientFor(config)
	must(t, err)
	return client
}
