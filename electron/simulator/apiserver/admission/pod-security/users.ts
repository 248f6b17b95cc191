import { type CheckPod, containersText, namesOf, settersText } from './check';

export const runAsNonRoot: CheckPod = (spec) => {
  const pod = spec.securityContext?.runAsNonRoot;
  const setters = settersText(
    pod === false,
    namesOf(spec, (_, security) => security.runAsNonRoot === false),
  );
  const reason = 'runAsNonRoot != true';
  if (setters !== '') return { reason, detail: `${setters} must not set securityContext.runAsNonRoot=false` };
  if (pod === true) return undefined;
  const silent = namesOf(spec, (_, security) => security.runAsNonRoot === undefined);
  if (silent.length === 0) return undefined;
  return { reason, detail: `pod or ${containersText(silent)} must set securityContext.runAsNonRoot=true` };
};

export const runAsUser: CheckPod = (spec) => {
  const setters = settersText(
    spec.securityContext?.runAsUser === 0,
    namesOf(spec, (_, security) => security.runAsUser === 0),
  );
  return setters === '' ? undefined : { reason: 'runAsUser=0', detail: `${setters} must not set runAsUser=0` };
};
