package clientgo

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/restmapper"
)

// TestDiscovery learns of all kinds at once, and one by one as older clients do.
func TestDiscovery(t *testing.T) {
	config := configFor(t, asProtobuf)
	kept := recording(config)
	client, err := discovery.NewDiscoveryClientForConfig(config)
	must(t, err)
	groups, resources, err := client.ServerGroupsAndResources()
	must(t, err)
	asked := kept.of(func(*http.Request) bool { return true })
	if len(asked) != 2 {
		t.Errorf("it took %d requests", len(asked))
	}
	for _, each := range asked {
		if got := each.response.Header.Get("Content-Type"); !strings.Contains(got, "as=APIGroupDiscoveryList") {
			t.Errorf("%s came as %s", each.request.URL.Path, got)
		}
	}

	older := *client
	older.UseLegacyDiscovery = true
	olderGroups, olderResources, err := older.ServerGroupsAndResources()
	must(t, err)
	if len(olderGroups) != len(groups) {
		t.Errorf("%d groups and %d", len(groups), len(olderGroups))
	}
	if one, other := paths(resources...), paths(olderResources...); !slices.Equal(one, other) {
		t.Errorf("%v\nand\n%v", one, other)
	}

	mapper := restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(client))
	mapping, err := mapper.RESTMapping(schema.GroupKind{Group: "apps", Kind: "Deployment"})
	must(t, err)
	if mapping.Resource.Resource != "deployments" || mapping.Scope.Name() != meta.RESTScopeNameNamespace {
		t.Errorf("deployments are %+v", mapping)
	}
	full, err := restmapper.NewShortcutExpander(mapper, client, nil).ResourceFor(schema.GroupVersionResource{Resource: "hpa"})
	must(t, err)
	if full.Resource != "horizontalpodautoscalers" || full.Version != "v2" {
		t.Errorf("hpa is %s", full)
	}

	version, err := client.ServerVersion()
	must(t, err)
	if version.Major != "1" || version.Minor != "35" {
		t.Errorf("it is %s", version)
	}
	if _, err := client.OpenAPISchema(); err != nil {
		t.Errorf("its schema, in protobuf: %v", err)
	}
	documents, err := client.OpenAPIV3().Paths()
	must(t, err)
	document, err := documents["apis/apps/v1"].Schema("application/com.github.proto-openapi.spec.v3@v1.0+protobuf")
	must(t, err)
	if len(document) == 0 {
		t.Error("the schema of apps/v1 is empty")
	}
}

// paths gives what can be reached, in order.
func paths(lists ...*metav1.APIResourceList) []string {
	var found []string
	for _, list := range lists {
		for _, resource := range list.APIResources {
			found = append(found, list.GroupVersion+"/"+resource.Name)
		}
	}
	slices.Sort(found)
	return found
}
