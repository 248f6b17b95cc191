package clientgo

import (
	"context"
	"encoding/json"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/metadata/metadatainformer"
	"k8s.io/client-go/tools/cache"
	watchtools "k8s.io/client-go/tools/watch"
)

const lampDefinition = `{
  "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": { "name": "lamps.example.com" },
  "spec": {
    "group": "example.com", "scope": "Namespaced", "names": { "plural": "lamps", "kind": "Lamp" },
    "versions": [{
      "name": "v1", "served": true, "storage": true, "subresources": { "status": {} },
      "schema": { "openAPIV3Schema": { "type": "object", "properties": {
        "spec": { "type": "object", "properties": { "watts": { "type": "integer", "maximum": 100 } } },
        "status": { "type": "object", "properties": { "lit": { "type": "boolean" } } } } } }
    }]
  }
}`

// TestDynamic defines a kind and follows what is of it, without knowing any type.
func TestDynamic(t *testing.T) {
	config := configFor(t, asJSON)
	ctx := untilDone(t)
	namespace := namespaceFor(t, clientFor(t, config))
	client, err := dynamic.NewForConfig(config)
	must(t, err)
	define(t, ctx, client)
	resource := schema.GroupVersionResource{Group: "example.com", Version: "v1", Resource: "lamps"}
	lamps := client.Resource(resource).Namespace(namespace)

	lit, named := make(chan struct{}), make(chan string, 1)
	informer := dynamicinformer.NewFilteredDynamicInformer(client, resource, namespace, 0, nil, nil).Informer()
	_, err = informer.AddEventHandler(cache.ResourceEventHandlerFuncs{UpdateFunc: func(_, changed any) {
		if is, _, _ := unstructured.NestedBool(changed.(*unstructured.Unstructured).Object, "status", "lit"); is {
			close(lit)
		}
	}})
	must(t, err)
	// Who needs no more than names has the server send no more.
	metadataClient, err := metadata.NewForConfig(metadata.ConfigFor(config))
	must(t, err)
	names := metadatainformer.NewFilteredMetadataInformer(metadataClient, resource, namespace, 0, nil, nil).Informer()
	_, err = names.AddEventHandler(cache.ResourceEventHandlerFuncs{AddFunc: func(object any) {
		named <- object.(*metav1.PartialObjectMetadata).Name
	}})
	must(t, err)
	go informer.RunWithContext(ctx)
	go names.RunWithContext(ctx)
	if !cache.WaitForCacheSync(ctx.Done(), informer.HasSynced, names.HasSynced) {
		t.Fatal("the informers never had it all")
	}

	lamp := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "example.com/v1", "kind": "Lamp", "metadata": map[string]any{"name": "desk"},
		"spec": map[string]any{"watts": int64(40)},
	}}
	made, err := lamps.Create(ctx, lamp, metav1.CreateOptions{})
	must(t, err)
	if name := await(t, ctx, named, "its metadata"); name != "desk" {
		t.Errorf("%s was made", name)
	}
	must(t, unstructured.SetNestedField(made.Object, true, "status", "lit"))
	_, err = lamps.UpdateStatus(ctx, made, metav1.UpdateOptions{})
	must(t, err)
	await(t, ctx, lit, "its light")

	_, err = lamps.Patch(ctx, "desk", types.MergePatchType, []byte(`{"spec":{"watts":500}}`), metav1.PatchOptions{})
	if !apierrors.IsInvalid(err) {
		t.Errorf("500 watts: %v", err)
	}
	_, err = lamps.Update(ctx, made, metav1.UpdateOptions{})
	if !apierrors.IsConflict(err) {
		t.Errorf("an old version: %v", err)
	}
	must(t, lamps.DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{}))
	left, err := lamps.List(ctx, metav1.ListOptions{})
	must(t, err)
	if len(left.Items) != 0 {
		t.Errorf("%d are left", len(left.Items))
	}
}

// define makes the kind, waits for it, and takes it away when the test is over.
func define(t *testing.T, ctx context.Context, client dynamic.Interface) {
	t.Helper()
	definitions := client.Resource(schema.GroupVersionResource{
		Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions",
	})
	wanted := &unstructured.Unstructured{}
	must(t, json.Unmarshal([]byte(lampDefinition), &wanted.Object))
	made, err := definitions.Create(ctx, wanted, metav1.CreateOptions{})
	must(t, err)
	t.Cleanup(func() {
		must(t, definitions.Delete(context.Background(), made.GetName(), metav1.DeleteOptions{}))
	})
	watcher := &cache.ListWatch{
		WatchFuncWithContext: func(ctx context.Context, options metav1.ListOptions) (watch.Interface, error) {
			return definitions.Watch(ctx, options)
		},
	}
	_, err = watchtools.Until(ctx, made.GetResourceVersion(), watcher, func(event watch.Event) (bool, error) {
		return isTrue(event.Object, "Established"), nil
	})
	must(t, err)
}

func isTrue(object runtime.Object, condition string) bool {
	conditions, _, _ := unstructured.NestedSlice(object.(*unstructured.Unstructured).Object, "status", "conditions")
	for _, each := range conditions {
		if fields, ok := each.(map[string]any); ok && fields["type"] == condition {
			return fields["status"] == string(metav1.ConditionTrue)
		}
	}
	return false
}
