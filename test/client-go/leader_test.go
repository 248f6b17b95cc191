package clientgo

import (
	"context"
	"testing"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
)

// TestLeaderElection has one of two candidates lead until it lets go.
func TestLeaderElection(t *testing.T) {
	client := clientFor(t, configFor(t, asProtobuf))
	ctx := untilDone(t)
	namespace := namespaceFor(t, client)
	first, resign := context.WithCancel(ctx)
	firstLeads, firstEnded, known := make(chan struct{}), make(chan struct{}), make(chan string, 8)
	go run(t, first, client, namespace, "one", func() { close(firstLeads) }, func() { close(firstEnded) }, nil)
	await(t, ctx, firstLeads, "the first one's term")

	secondLeads := make(chan struct{})
	go run(t, ctx, client, namespace, "two", func() { close(secondLeads) }, func() {}, known)
	if leader := await(t, ctx, known, "who leads"); leader != "one" {
		t.Fatalf("%s leads", leader)
	}
	resign()
	await(t, ctx, firstEnded, "the end of the first one's term")
	await(t, ctx, secondLeads, "the second one's term")
	lease := leaseOf(t, ctx, client, namespace)
	if *lease.Spec.HolderIdentity != "two" || *lease.Spec.LeaseTransitions < 1 {
		t.Errorf("the lease says %+v", lease.Spec)
	}
}

func run(
	t *testing.T, ctx context.Context, client kubernetes.Interface, namespace, identity string,
	leads, ended func(), known chan<- string,
) {
	lock := &resourcelock.LeaseLock{
		LeaseMeta:  metav1.ObjectMeta{Name: "leader", Namespace: namespace},
		Client:     client.CoordinationV1(),
		LockConfig: resourcelock.ResourceLockConfig{Identity: identity},
	}
	elector, err := leaderelection.NewLeaderElector(leaderelection.LeaderElectionConfig{
		Lock: lock, LeaseDuration: 15 * time.Second, RenewDeadline: 10 * time.Second, RetryPeriod: 200 * time.Millisecond,
		ReleaseOnCancel: true,
		Callbacks: leaderelection.LeaderCallbacks{
			OnStartedLeading: func(context.Context) { leads() },
			OnStoppedLeading: ended,
			OnNewLeader: func(leader string) {
				if known != nil {
					known <- leader
				}
			},
		},
	})
	if err != nil {
		t.Error(err)
		return
	}
	elector.Run(ctx)
}

func leaseOf(t *testing.T, ctx context.Context, client kubernetes.Interface, namespace string) *coordinationv1.Lease {
	t.Helper()
	lease, err := client.CoordinationV1().Leases(namespace).Get(ctx, "leader", metav1.GetOptions{})
	must(t, err)
	return lease
}
