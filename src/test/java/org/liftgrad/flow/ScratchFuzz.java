package org.liftgrad.flow;
import java.util.*;
import org.liftgrad.shallow.*;
public final class ScratchFuzz {
  public static void main(String[] args) throws Exception {
    long from=Long.parseLong(args[0]), to=Long.parseLong(args[1]); double tol=Double.parseDouble(args[2]); boolean leaky=args.length>3 && args[3].equals("leaky"); boolean ints=args.length>4;
    int done=0,bad=0,amb=0,noco=0,ref=0,threw=0;
    for(long s=from;s<to;s++){
      RandomInstance in=RandomInstance.of(s); if(leaky) in=in.leaky();
      if(in.integers() != ints) continue;
      ShallowNetwork net=in.network(); FlowProblem pr=new FlowProblem(net);
      Outcome e;
      try { e=new ExactIntegrator(pr,1e-12).run(new Recorder(pr,List.of(),new double[]{1e300},0,Optional.empty()),in.time(),200000,Optional.empty());} catch(IllegalArgumentException x){ref++;continue;}
      Optional<RowSpace> sp=RowSpace.of(pr,net); if(sp.isEmpty()){noco++;continue;}
      if(e.statistics().ambiguous()>0||e.ending()!=Ending.TIME_REACHED){amb++;continue;}
      Outcome w; 
      try { w=new SweepIntegrator(pr,sp.get(),4,20*tol,tol).run(new Recorder(pr,List.of(),new double[]{1e300},0,Optional.empty()),in.time(),200000,Optional.empty());} catch(RuntimeException x){threw++; System.out.println(s+" THREW "+x+" "+in.kind()); if(threw<3) x.printStackTrace(System.out); continue;}
      done++;
      double[] r=Scratch.rel(w.state().preactivations,e.state().preactivations);
      double scale=0; for(double v:e.state().preactivations) scale=Math.max(scale,Math.abs(v));
      double err=scale==0?0:r[1]/scale;
      if(!(err<300*tol)||w.ending()!=Ending.TIME_REACHED){bad++; System.out.printf("%d err %.2e %s steps %d/%d events %d/%d turn %.1e clear %.1e sw: turn %.1e %s%n",s,err,w.ending(),w.statistics().steps(),e.statistics().steps(),w.statistics().events(),e.statistics().events(),e.statistics().grazing().smallestTurn(),e.statistics().grazing().smallestClearance(),w.statistics().grazing().smallestTurn(),in.kind());}
    }
    System.out.println("done "+done+" bad "+bad+" ambiguous "+amb+" nocoords "+noco+" refused "+ref+" threw "+threw);
  }
}
