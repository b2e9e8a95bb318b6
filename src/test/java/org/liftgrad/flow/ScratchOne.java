package org.liftgrad.flow;
import java.util.*;
import org.liftgrad.shallow.*;
public final class ScratchOne {
  public static void main(String[] args) throws Exception {
    for (String q : args) { long s=Long.parseLong(q);
    RandomInstance in=RandomInstance.of(s); ShallowNetwork net=in.network(); FlowProblem pr=new FlowProblem(net);
    Outcome e=new ExactIntegrator(pr,1e-12).run(new Recorder(pr,List.of(),new double[]{1e300},0),in.time(),200000);
    System.out.println(s+" "+in.kind()+" time "+in.time()+" loss "+e.state().loss()+" events "+e.statistics().events()+" a0 "+Arrays.toString(in.readout())+" aT "+Arrays.toString(e.state().readout)+" y "+Arrays.toString(in.labels()));
    for (double tol : new double[]{1e-5,1e-7,1e-9,1e-11}) { 
      Outcome w=new SweepIntegrator(pr,RowSpace.of(pr,net).get(),4,20*tol,tol).run(new Recorder(pr,List.of(),new double[]{1e300},0),in.time(),200000);
      double[] r=Scratch.rel(w.state().preactivations,e.state().preactivations);
      int j0=-1; double m=0; for(int k=0;k<e.state().preactivations.length;k++){double d=Math.abs(w.state().preactivations[k]-e.state().preactivations[k]); if(d>m){m=d;j0=k;}}
      System.out.printf("  tol %g err %.2e max %.2e pair %d u %g vs %g steps %d events %d loss %g drift %.1e aT %s%n",tol,r[0],r[1],j0,j0<0?0:w.state().preactivations[j0],j0<0?0:e.state().preactivations[j0],w.statistics().steps(),w.statistics().events(),w.state().loss(),w.state().conservationDrift(),Arrays.toString(w.state().readout));
    }
    for (double eta : new double[]{1e-3,1e-4}) { Outcome d=new DescentIntegrator(pr,in.time()*eta).run(new Recorder(pr,List.of(),new double[]{1e300},0),in.time(),2000000); double[] r=Scratch.rel(d.state().preactivations,e.state().preactivations); System.out.printf("   descent %g err %.2e max %.2e%n",eta,r[0],r[1]); }
    }
  }
}
