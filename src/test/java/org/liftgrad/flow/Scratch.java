package org.liftgrad.flow;
import java.util.*;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.shallow.*;
public final class Scratch {
  static Outcome sweep(ShallowNetwork net, double T, double loss, double rtol, double pic, int K) {
    FlowProblem pr = new FlowProblem(net);
    RowSpace sp = RowSpace.of(pr, net).orElseThrow();
    Recorder rec = new Recorder(pr, List.of(), new double[]{1e300}, loss, Optional.empty());
    return new SweepIntegrator(pr, sp, K, rtol, pic).run(rec, T, 1000000, Optional.empty());
  }
  static double[] rel(double[] a, double[] b) { double s=0,t=0,m=0; for(int i=0;i<a.length;i++){double d=a[i]-b[i]; s+=d*d;t+=b[i]*b[i];m=Math.max(m,Math.abs(d));} return new double[]{Math.sqrt(s/t),m}; }
  static String show(Outcome o){ return o.ending()+" t="+o.time()+" "+o.statistics()+" loss "+o.state().loss()+" drift "+o.state().conservationDrift(); }
  public static void main(String[] args) throws Exception {
    String what = args[0];
    if (what.equals("cases")) {
      for (String name : List.of("flow-1","flow-2")) {
        Problems.Case c = Problems.Case.load(name);
        double[] ref = FlowProblem.transposed(c.preactivations());
        for (int K : new int[]{2,3,5}) for (double tol : new double[]{1e-4,1e-6,1e-8}) {
          long t0=System.nanoTime();
          Outcome o = sweep(c.network(), c.time(), 0, 20*tol, tol, K);
          double[] e = rel(o.state().preactivations, ref);
          System.out.printf("%s K=%d tol=%g err %g max %g  %.2fs %s%n", name,K,tol,e[0],e[1],(System.nanoTime()-t0)*1e-9,show(o));
        }
      }
    } else {
      int n=Integer.parseInt(args[1]), d=Integer.parseInt(args[2]), p=Integer.parseInt(args[3]); double T=Double.parseDouble(args[4]);
      int K=Integer.parseInt(args[5]);
      double loss = T==0 ? 1e-10 : 0; if (T==0) T=Double.POSITIVE_INFINITY;
      ShallowNetwork net = Problems.random(n,d,p,Long.getLong("seed",1));
      double[] ref=null;
      for (int q=6;q<args.length;q+=2) {
        long t0=System.nanoTime();
        Outcome o = sweep(net,T,loss,Double.parseDouble(args[q]),Double.parseDouble(args[q+1]),K);
        double sec=(System.nanoTime()-t0)*1e-9;
        if (ref==null) ref=o.state().preactivations.clone();
        double[] e = rel(o.state().preactivations, ref);
        System.out.printf("%s %s err %g max %g  %.2fs %s%n", args[q],args[q+1],e[0],e[1],sec,show(o));
      }
    }
  }
}
