package clientgo

import (
	"net/http"
	"os"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/tools/cache"
)

// TestInformers follows pods and deployments, as controllers do, from before there are any until they are gone.
// KUBE_FEATURE_WatchListClient decides whether informers begin with a list or have it streamed.
func TestInformers(t *testing.T) {
	for _, contentType := range []string{asJSON, asProtobuf} {
		t.Run(contentType[strings.LastIndexAny(contentType, "/.")+1:], func(t *testing.T) {
			config := configFor(t, contentType)
			kept := recording(config)
			client := clientFor(t, config)
			ctx := untilDone(t)
			namespace := namespaceFor(t, client)
			deployments := client.AppsV1().Deployments(namespace)
			_, err := deployments.Create(ctx, webDeployment(2), metav1.CreateOptions{})
			must(t, err)

			factory := informers.NewSharedInformerFactoryWithOptions(client, 0, informers.WithNamespace(namespace))
			pods := factory.Core().V1().Pods()
			available, gone := make(chan struct{}), make(chan string, 2)
			seen := false
			_, err = factory.Apps().V1().Deployments().Informer().AddEventHandler(cache.ResourceEventHandlerFuncs{
				UpdateFunc: func(_, changed any) {
					if changed.(*appsv1.Deployment).Status.AvailableReplicas == 2 && !seen {
						seen = true
						close(available)
					}
				},
			})
			must(t, err)
			_, err = pods.Informer().AddEventHandler(cache.ResourceEventHandlerFuncs{
				DeleteFunc: func(last any) { gone <- last.(*corev1.Pod).Name },
			})
			must(t, err)
			factory.Start(ctx.Done())
			for kind, synced := range factory.WaitForCacheSync(ctx.Done()) {
				if !synced {
					t.Fatalf("the cache of %s never had it all", kind)
				}
			}

			await(t, ctx, available, "a deployment that is available")
			running, err := pods.Lister().Pods(namespace).List(labels.SelectorFromSet(labels.Set{"app": "web"}))
			must(t, err)
			if len(running) != 2 {
				t.Fatalf("%d pods in the cache", len(running))
			}
			scale := &autoscalingv1.Scale{ObjectMeta: metav1.ObjectMeta{Name: "web", Namespace: namespace}}
			_, err = deployments.UpdateScale(ctx, "web", scale, metav1.UpdateOptions{})
			must(t, err)
			await(t, ctx, gone, "the first pod's end")
			await(t, ctx, gone, "the second pod's end")

			watches := kept.of(func(request *http.Request) bool { return request.URL.Query().Get("watch") == "true" })
			for _, each := range watches {
				if got := each.response.Header.Get("Content-Type"); !strings.HasPrefix(got, contentType) {
					t.Errorf("%s came as %s", each.request.URL, got)
				}
			}
			streamed := len(kept.of(func(r *http.Request) bool { return r.URL.Query().Get("sendInitialEvents") == "true" }))
			lists := len(kept.of(func(r *http.Request) bool {
				return r.Method == http.MethodGet && r.URL.Query().Get("watch") == ""
			}))
			if os.Getenv("KUBE_FEATURE_WatchListClient") == "false" {
				if streamed != 0 || lists != 2 {
					t.Errorf("%d lists were streamed, %d asked for", streamed, lists)
				}
			} else if streamed != 2 || lists != 0 {
				t.Errorf("%d lists were streamed, %d asked for", streamed, lists)
			}
		})
	}
}

func webDeployment(replicas int32) *appsv1.Deployment {
	app := map[string]string{"app": "web"}
	return &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Name: "web"},
		Spec: appsv1.DeploymentSpec{
			Replicas: &replicas,
			Selector: &metav1.LabelSelector{MatchLabels: app},
			Template: corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: app},
				Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "web", Image: "nginx"}}},
			},
		},
	}
}
