/** Where the control plane is in the nodes' network: the API server, when no node says where it is. */
export const CONTROL_PLANE_ADDRESS = '172.18.0.2';
