package clientgo

import (
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	appsapply "k8s.io/client-go/applyconfigurations/apps/v1"
	coreapply "k8s.io/client-go/applyconfigurations/core/v1"
	metaapply "k8s.io/client-go/applyconfigurations/meta/v1"
)

// TestApply has two managers apply one object, and a third read back what is its own.
func TestApply(t *testing.T) {
	for _, contentType := range []string{asJSON, asProtobuf} {
		t.Run(contentType[strings.LastIndexAny(contentType, "/.")+1:], func(t *testing.T) {
			client := clientFor(t, configFor(t, contentType))
			ctx := untilDone(t)
			namespace := namespaceFor(t, client)
			deployments := client.AppsV1().Deployments(namespace)
			app := map[string]string{"app": "web"}
			container := coreapply.Container().WithName("web").WithImage("nginx:1.27")
			wanted := appsapply.Deployment("web", namespace).WithSpec(appsapply.DeploymentSpec().
				WithReplicas(0).
				WithSelector(metaapply.LabelSelector().WithMatchLabels(app)).
				WithTemplate(coreapply.PodTemplateSpec().
					WithLabels(app).
					WithSpec(coreapply.PodSpec().WithContainers(container))))
			_, err := deployments.Apply(ctx, wanted, metav1.ApplyOptions{FieldManager: "one"})
			must(t, err)

			other := appsapply.Deployment("web", namespace).WithSpec(appsapply.DeploymentSpec().WithReplicas(1))
			_, err = deployments.Apply(ctx, other, metav1.ApplyOptions{FieldManager: "two"})
			if !apierrors.IsConflict(err) || !strings.Contains(err.Error(), `conflict with "one": .spec.replicas`) {
				t.Fatalf("the second manager was told: %v", err)
			}
			if !apierrors.HasStatusCause(err, metav1.CauseTypeFieldManagerConflict) {
				t.Errorf("without its cause: %v", err)
			}
			_, err = deployments.Apply(ctx, other, metav1.ApplyOptions{FieldManager: "two", Force: true})
			must(t, err)

			stored, err := deployments.Get(ctx, "web", metav1.GetOptions{})
			must(t, err)
			mine, err := appsapply.ExtractDeployment(stored, "one")
			must(t, err)
			if mine.Spec.Replicas != nil || *mine.Spec.Template.Spec.Containers[0].Image != "nginx:1.27" {
				t.Errorf("the first manager has %+v", mine.Spec)
			}
			theirs, err := appsapply.ExtractDeployment(stored, "two")
			must(t, err)
			if *theirs.Spec.Replicas != 1 || theirs.Spec.Template != nil {
				t.Errorf("the second manager has %+v", theirs.Spec)
			}

			status := appsapply.Deployment("web", namespace).WithStatus(appsapply.DeploymentStatus().WithCollisionCount(7))
			after, err := deployments.ApplyStatus(ctx, status, metav1.ApplyOptions{FieldManager: "three", Force: true})
			must(t, err)
			if after.Status.CollisionCount == nil || *after.Status.CollisionCount != 7 {
				t.Errorf("the status became %+v", after.Status)
			}
		})
	}
}
