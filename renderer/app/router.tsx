import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { HomePage } from '../pages/home';
import { ListPage } from '../pages/list-page';
import { parseListSearch } from './navigation';
import { Shell } from './shell';

const root = createRootRoute({ component: Shell });
const home = createRoute({ getParentRoute: () => root, path: '/', component: HomePage });
// Charts are large: they come when they are looked at, or when the pointer nears the link.
const overview = createRoute({
  getParentRoute: () => root,
  path: '/c/$contextId',
  component: lazyRouteComponent(() => import('../pages/overview-page'), 'OverviewPage'),
});
const list = createRoute({
  getParentRoute: () => root,
  path: '/c/$contextId/$kind',
  component: ListPage,
  validateSearch: parseListSearch,
});

/** Addresses stand behind the `#`: the page is one file, served by whatever protocol. */
export const router = createRouter({
  routeTree: root.addChildren([home, overview, list]),
  history: createHashHistory(),
  defaultNotFoundComponent: HomePage,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
