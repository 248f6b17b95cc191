import {
  Activity,
  BadgeCheck,
  Box,
  Boxes,
  CalendarClock,
  CircleUser,
  Copy,
  Database,
  FileText,
  FolderTree,
  Gauge,
  HardDrive,
  KeyRound,
  Layers,
  Link2,
  ListChecks,
  Lock,
  type LucideIcon,
  Network,
  Rocket,
  Server,
  Shapes,
  ShieldCheck,
  Ticket,
  Waypoints,
} from 'lucide-react';

const icons: Readonly<Record<string, LucideIcon>> = {
  nodes: Server,
  namespaces: FolderTree,
  events: Activity,
  pods: Box,
  'deployments.apps': Rocket,
  'replicasets.apps': Copy,
  'statefulsets.apps': Database,
  'daemonsets.apps': Boxes,
  'jobs.batch': ListChecks,
  'cronjobs.batch': CalendarClock,
  configmaps: FileText,
  secrets: Lock,
  services: Network,
  'endpointslices.discovery.k8s.io': Waypoints,
  persistentvolumes: HardDrive,
  persistentvolumeclaims: Ticket,
  'storageclasses.storage.k8s.io': Layers,
  serviceaccounts: CircleUser,
  'roles.rbac.authorization.k8s.io': KeyRound,
  'rolebindings.rbac.authorization.k8s.io': Link2,
  'clusterroles.rbac.authorization.k8s.io': ShieldCheck,
  'clusterrolebindings.rbac.authorization.k8s.io': BadgeCheck,
};

export function kindIcon(kind: string): LucideIcon {
  return icons[kind] ?? Shapes;
}

export const overviewIcon = Gauge;
